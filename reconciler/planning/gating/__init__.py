"""Guards: what a plan must not do unless it is explicitly allowed."""
