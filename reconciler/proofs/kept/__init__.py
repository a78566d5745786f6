"""What proofs have shown, read back: kept proofs, `engine.yaml`, and the content that they are about."""
