"""Sinks: escaping and layout for terminals, Markdown and JSON."""
