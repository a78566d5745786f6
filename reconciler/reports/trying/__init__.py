"""Trials: text, JSON, Markdown, HTML."""
