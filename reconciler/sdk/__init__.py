"""Facts from Adobe's documentation: sections, fields, types and ids of specs, each in one table."""
