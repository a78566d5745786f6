"""Safe access to a body of any shape, and knowledge shared by several rules."""
