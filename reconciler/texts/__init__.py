"""Bytes to values: JSON and YAML, read strictly, with the position of every key and value when somebody asks."""
