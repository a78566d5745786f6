"""Positions of findings in a file, and the comments that ignore findings."""
