"""Compare JSON Schemas: whether the new one accepts every value that the old one accepted."""
