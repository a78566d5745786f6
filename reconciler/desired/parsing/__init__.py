"""Spec files parsed on all cores."""
