"""What the answers of a trial say about the spec: repeated pages, gaps, and signs that there is more."""
