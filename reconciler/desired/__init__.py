"""The desired side: reads spec files and git history into desired specs, with source positions."""
