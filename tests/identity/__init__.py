"""The same reports, however they are made: `python -m tests.identity --help`."""
