"""Status reports: the state of every spec."""
