"""Git as a data source: commits, their files and the history of each spec file. No code of the repository is run."""
