"""What every code that the tool prints means, why it matters, and what to do."""
