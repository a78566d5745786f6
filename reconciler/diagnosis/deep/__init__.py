"""`doctor --deep`: what only a disposable resource shows."""
