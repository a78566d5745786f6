"""Actions for each spec, one module per reason to write."""
