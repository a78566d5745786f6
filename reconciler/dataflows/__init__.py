"""What a proof makes at Adobe, as values and as clients: one that writes, one that only deletes."""
