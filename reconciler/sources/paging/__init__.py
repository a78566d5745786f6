"""The types of pagination: each writes the first request, and the next one after each answer."""
