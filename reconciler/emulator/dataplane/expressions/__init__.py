"""Expressions of mapping sets: parsed, and computed on a record."""
