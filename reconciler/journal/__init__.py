"""The journal: the intent before each write, its result, and the previous body."""
