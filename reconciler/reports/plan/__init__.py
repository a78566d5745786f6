"""A plan: in words, in Markdown and as JSON, and read back from a saved one."""
