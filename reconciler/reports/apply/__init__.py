"""What an apply did: in words, in Markdown and as JSON, and read back from JSON."""
