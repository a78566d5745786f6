"""A Plan to writes: observation, the order of things, read-backs, the journal, the outcome."""
