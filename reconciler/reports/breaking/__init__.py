"""Reports of breaking changes between two versions of the spec files."""
