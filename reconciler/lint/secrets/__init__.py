"""Secrets that were written into a body."""
