"""Automatic fixes for findings with a single correct answer."""
