"""A plan or drift as one HTML page that needs nothing else."""
