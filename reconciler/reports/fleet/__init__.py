"""Reports over several targets: each target on a line, each spec with a cell for each target, each change once."""
