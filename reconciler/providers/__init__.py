"""Provider files: a small third-party API described in YAML, which answers requests as real ones do. Pure."""
