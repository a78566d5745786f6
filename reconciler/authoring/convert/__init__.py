"""Convert Adobe's submission artifact to a spec file, and back."""
