"""Proofs: text, Markdown, JSON, HTML."""
