"""Pages for Adobe's documentation, written from the spec, the proof file and the proof."""
