"""The credentials of this run, and what of an answer may be shown."""
