"""Reports of the difference between two versions of the spec files."""
