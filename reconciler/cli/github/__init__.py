"""What the commands that talk to GitHub have in common."""
