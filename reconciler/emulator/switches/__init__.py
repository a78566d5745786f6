"""The switches: what the service may be like, and what goes wrong on demand."""
