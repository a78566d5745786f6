"""Datasets, and the batches that land in them."""
