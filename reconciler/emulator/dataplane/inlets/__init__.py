"""Streamed events: signatures, tokens, and where they land."""
