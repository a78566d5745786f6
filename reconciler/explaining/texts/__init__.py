"""What each code means, by the room that reports it."""
