"""Tests of reconciler.proofs.streaming."""
