"""Spec files against spec files."""
