"""The spec files of two commits: differences and breaking changes."""
