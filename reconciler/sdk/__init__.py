"""What Adobe's documents fix: sections, fields, types and ids of specs, each in one table that every other room reads."""
