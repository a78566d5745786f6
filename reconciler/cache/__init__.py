"""What was read before, kept by content: a bounded store in the user's cache folder."""
