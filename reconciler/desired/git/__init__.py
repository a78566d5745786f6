"""Git, read without running anything of the repository: commits, their files, and when each spec file said what."""
