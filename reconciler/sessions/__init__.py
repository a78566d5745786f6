"""A target, opened: its spec files, its credentials, and Flow Service, over HTTP or embedded."""
