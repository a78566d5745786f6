"""Problems: in words, in Markdown, as JSON, as SARIF, and as GitHub annotations."""
