"""Changes in YAML."""
