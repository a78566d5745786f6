"""Connections and flows: what the service requires of them, and how they are read, changed and deleted."""
