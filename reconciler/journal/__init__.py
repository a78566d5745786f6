"""The journal: the intent before each write, its result, and the body from before."""
