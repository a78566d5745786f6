"""An answer, read: its JSON in any encoding, and the values at paths."""
