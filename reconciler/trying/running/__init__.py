"""One trial: run, watched, compared with what is expected, and shown."""
