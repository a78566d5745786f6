"""Live against desired: identity, ownership, differences and their causes."""
