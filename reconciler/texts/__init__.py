"""JSON and YAML text: read strictly, located, written, and changed in place."""
