"""A recording without secrets and personal data."""
