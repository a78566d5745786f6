"""`init`: the questions, the files that are written, and the next steps."""
