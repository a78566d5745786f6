"""Spec files, written: new ones from what is live or from an artifact, and those that are there changed in place.

Nothing in here reads or writes a disk or the network. What is live is handed in, files come from a tree, and what they should say goes
back as bytes.
"""
