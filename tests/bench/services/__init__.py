"""The services that are measured against, each in a process of its own, and what is live in them."""
