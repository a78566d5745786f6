"""Shared code of the commands that call GitHub."""
