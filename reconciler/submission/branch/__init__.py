"""A commit on a new branch of a clone, made without running anything of that repository."""
