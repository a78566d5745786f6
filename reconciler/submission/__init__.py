"""What Adobe wants to have before it promotes a source, written from the spec and its proof."""
