"""Sessions: a target with its spec files, its credentials, and Flow Service, over HTTP or embedded."""
