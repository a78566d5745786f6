"""Diagnoses of targets."""
