"""Where text goes, and what makes it harmless there: terminals, Markdown, JSON."""
