"""The credentials of this run, and the parts of a response that may be shown."""
