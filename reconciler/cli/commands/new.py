"""`reconciler new`."""

from __future__ import annotations

from typing import Any

import click

from reconciler.authoring.new.source import AUTH_OPTIONS, PAGINATIONS, TEMPLATES
from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.sdk.catalog import CATEGORIES

_EPILOG = """\b
Examples:
  reconciler new acme-tickets
  reconciler new acme-tickets --auth basic --pagination page --schedule on --host 'https://${tenant}.acme.example' --path /v1/orders
  reconciler new acme-clicks --template streaming --name 'Acme Clicks'
  reconciler new mailchimp-members --proof
"""


@click.command(epilog=_EPILOG)
@click.argument("key")
@click.option(
    "--template", type=click.Choice(TEMPLATES), help="batch: Flow Service fetches the records; streaming: the source sends them."
)
@click.option("--name", help="Name of the spec, and title in the catalog.")
@click.option("--description", help="Description in the catalog.")
@click.option("--category", type=click.Choice(list(CATEGORIES)), help="Catalog category.")
@click.option("--auth", type=click.Choice(list(AUTH_OPTIONS)), multiple=True, help="Authentication type (repeatable).")
@click.option("--pagination", type=click.Choice(list(PAGINATIONS)), help="Pagination type.")
@click.option(
    "--schedule", type=click.Choice(("on", "off")), help="on: the source can be queried for records changed in a time range."
)
@click.option("--host", metavar="URL", help="https:// and the host; write ${name} for a value that users enter.")
@click.option("--path", help="Path of the records; write ${name} for a value that users enter.")
@click.option("--proof", is_flag=True, help="Only write a first proof.yaml for an existing spec.")
@global_options
@pass_shell
def new(shell: Shell, /, key: str, proof: bool, **given: Any) -> int:
    """Create the spec file of a new source, its proof.yaml, and the files that a submission to Adobe needs.

    On a terminal, prompts for options that are not given; elsewhere they get defaults. Never overwrites a file.
    """
    from reconciler.cli.new_source import write_first_proof, write_new_source

    if proof:
        return write_first_proof(shell, key, given)
    return write_new_source(shell, key, given)
