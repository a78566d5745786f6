"""Fixes of findings that have one right answer."""
