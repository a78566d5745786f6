"""Write spec files: new ones from live specs or artifacts, and changes to existing ones.

This package has no disk or network I/O: live specs are passed in, files come from a tree, and the new content is returned as bytes.
"""
