"""Rules over desired specs, one small function each. What a loader cannot know, because it is well formed and still wrong."""
