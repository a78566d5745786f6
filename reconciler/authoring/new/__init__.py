"""Create the spec file of a new source."""
