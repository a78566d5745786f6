"""What the tool does on Windows and macOS: every module is imported, and the offline commands run."""
