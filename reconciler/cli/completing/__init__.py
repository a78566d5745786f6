"""Shell completion: the scripts, and the answers that they ask for."""
