"""Where findings are in a text, and which of them a file ignores."""
