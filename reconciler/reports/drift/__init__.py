"""Drift: in words and in Markdown."""
