"""Streamed events: addresses, signatures, tokens, and where they land."""
