"""The checks of `doctor`, one module for each group."""
