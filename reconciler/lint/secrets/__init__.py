"""Secrets written into a body."""
