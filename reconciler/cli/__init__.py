"""The command line: one module per command in `commands`; each parses, calls, prints and says how it ended.

`entry` starts, `root` knows the commands by name and imports one when it runs, `shell` is what a command is handed, and `failures` turns
whatever goes wrong into words and an exit code.
"""
