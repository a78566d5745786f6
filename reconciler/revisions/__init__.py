"""The spec files of two commits: what differs, and what breaks."""
