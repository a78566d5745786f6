"""The composition root of `prove`: from the files and a target to proofs, and to a clean-up."""
