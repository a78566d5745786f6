"""Import live specs as spec files."""
