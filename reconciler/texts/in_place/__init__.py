"""Change a document in place: only where its values change."""
