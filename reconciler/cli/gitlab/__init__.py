"""Shared code of the `gitlab` commands."""
