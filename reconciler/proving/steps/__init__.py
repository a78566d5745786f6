"""The steps of a proof, one module each: what it sends, and when it counts as proved."""
