"""Proofs: Adobe's own engine reads the source, with evidence, and nothing is left behind."""
