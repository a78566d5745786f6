"""Reads `reconciler.yaml` and the environment into Settings, Target and Credentials."""
