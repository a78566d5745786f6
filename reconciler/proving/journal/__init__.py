"""The journal of a proof: what it made, so that it can be gone on with, and so that nothing of it is left behind.

`writing` records each call before it is sent and what came of it, `reading` reads it back, `folder` keeps the journals of a repository.
"""
