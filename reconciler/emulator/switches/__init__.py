"""The switches: how the service behaves, and faults on demand."""
