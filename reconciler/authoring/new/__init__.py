"""A spec file for a new source."""
