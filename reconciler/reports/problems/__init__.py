"""Problem reports: text, Markdown, JSON, SARIF, and GitHub annotations."""
