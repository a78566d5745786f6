"""Reads live specs for one command, and makes the plan."""
