"""What is live, read for one command, and the plan that follows from it."""
