"""Wording shared by several packages: suggestions for unknown words, and points in time."""
