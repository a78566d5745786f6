"""A text changed at the places where its value changes, and nowhere else."""
