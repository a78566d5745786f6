"""Plan reports: text, Markdown, HTML and JSON, and a saved plan read back."""
