"""Apply reports: text, Markdown and JSON, and the view that is read back from JSON."""
