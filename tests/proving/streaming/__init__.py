"""Tests of reconciler.proving.streaming."""
