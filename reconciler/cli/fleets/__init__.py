"""Commands over several targets that write."""
