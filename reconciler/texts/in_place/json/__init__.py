"""JSON texts: their nodes, and how entries come, go and change."""
