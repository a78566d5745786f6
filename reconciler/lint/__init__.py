"""Lint rules for desired specs, one small function each: bodies that the service rejects, and bodies that it accepts but that fail."""
