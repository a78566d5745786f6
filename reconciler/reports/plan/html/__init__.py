"""A plan or drift as one self-contained HTML page."""
