"""Problem reports: text, Markdown, JSON, SARIF, JUnit, GitHub annotations, and GitLab Code Quality."""
