"""Ways into a body of any shape, and what several rules know of it."""
