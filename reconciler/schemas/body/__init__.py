"""Bodies of connection and flow specs as JSON Schemas: one module for each section."""
