"""Where every spec stands."""
