"""Whether a target is in order: checks that read only."""
