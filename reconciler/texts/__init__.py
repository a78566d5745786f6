"""Read, locate, write, and change JSON and YAML documents in place."""
