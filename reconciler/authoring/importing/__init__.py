"""Live specs to spec files."""
