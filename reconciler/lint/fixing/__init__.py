"""Fixes for findings that have one right answer."""
