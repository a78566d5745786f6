"""How long a plan takes, beside the floor that no plan can go below: `python -m tests.bench`."""
