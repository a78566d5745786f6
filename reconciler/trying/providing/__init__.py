"""A provider file, written from a recording."""
