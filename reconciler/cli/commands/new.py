"""`reconciler new`."""

from __future__ import annotations

from typing import Any

import click

from reconciler.authoring.new.source import AUTH_OPTIONS, PAGINATIONS, TEMPLATES
from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.sdk.catalogue import CATEGORIES

_EPILOG = """\b
Examples:
  reconciler new acme-tickets
  reconciler new acme-tickets --auth basic --pagination page --schedule on --host 'https://${tenant}.acme.example' --path /v1/orders
  reconciler new acme-clicks --template streaming --name 'Acme Clicks'
"""


@click.command(epilog=_EPILOG)
@click.argument("key")
@click.option(
    "--template", type=click.Choice(TEMPLATES), help="Whether Flow Service fetches the records, or the source sends them."
)
@click.option("--name", help="The name of the live object, and the title in the catalogue.")
@click.option("--description", help="The sentence below the title.")
@click.option("--category", type=click.Choice(list(CATEGORIES)), help="The shelf of the catalogue.")
@click.option("--auth", type=click.Choice(list(AUTH_OPTIONS)), multiple=True, help="A way to authenticate (repeatable).")
@click.option("--pagination", type=click.Choice(list(PAGINATIONS)), help="How the next page of an answer is found.")
@click.option(
    "--schedule", type=click.Choice(("on", "off")), help="Whether the source can be asked for what changed between two times."
)
@click.option("--host", metavar="URL", help="https:// and the host; what a user enters stands as ${name}.")
@click.option("--path", help="The path of the records; what a user enters stands as ${name}.")
@global_options
@pass_shell
def new(shell: Shell, /, key: str, **given: Any) -> int:
    """Write the spec file of a new source to start from, with what a submission to Adobe needs beside it.

    What is left out is asked for on a terminal, and has a default elsewhere. Nothing that is there is overwritten.
    """
    from reconciler.cli.new_source import write_new_source

    return write_new_source(shell, key, given)
