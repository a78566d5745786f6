"""Reports of what separates the bodies of several targets."""
