"""Bodies of connection and flow specs as JSON Schemas, made from the tables of `sdk`."""
