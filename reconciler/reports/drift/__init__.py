"""Drift reports: text and Markdown."""
