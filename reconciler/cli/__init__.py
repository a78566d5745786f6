"""The command line: one module per command in `commands`. Each parses its arguments, calls, prints and returns an exit code.

`entry` is the entry point, `root` lists the commands and imports one when it runs, `shell` is the state passed to a command, and
`failures` turns every failure into a message and an exit code.
"""
