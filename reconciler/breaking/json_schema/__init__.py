"""Whether a JSON Schema accepts every value that it accepted before."""
