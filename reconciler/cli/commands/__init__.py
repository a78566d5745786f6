"""The commands. A new one is a module here and a line in `reconciler.cli.root.COMMANDS`."""
