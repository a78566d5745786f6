"""`python -m reconciler.cli`: the text of `reconciler --help`, on standard output."""

from __future__ import annotations

import click

from reconciler.cli.entry import HELP_COLUMNS
from reconciler.cli.root import root


def help_text() -> str:
    """The help of all commands as click writes it for a terminal that is wide enough."""
    with root.make_context("reconciler", [], resilient_parsing=True, terminal_width=HELP_COLUMNS - 2) as context:
        return root.get_help(context) + "\n"


if __name__ == "__main__":
    click.echo(help_text(), nl=False)
