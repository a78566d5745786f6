"""Applies a plan: the order of writes, read-backs, the journal, the outcome."""
