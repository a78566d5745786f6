"""Workflows: those to copy and those to call, and what checks them."""
