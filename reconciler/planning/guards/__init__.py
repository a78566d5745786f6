"""What a plan must not do without being asked to."""
