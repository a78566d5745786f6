"""The runs of flows: when they are due, what they fetch, and what they report."""
