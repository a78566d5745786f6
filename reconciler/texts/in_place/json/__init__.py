"""Changes in JSON."""
