"""`reconciler import`."""

from __future__ import annotations

from typing import Any

import click

from reconciler.cli.options.every_command import format_option, global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.documents.kinds import Kind

_EPILOG = """\b
Examples:
  reconciler import --name 'MailChimp*'
  reconciler --target prod import --id 4fe859de-3f5a-4f5e-9f5e-1a3f6c0de0c0 --as mailchimp-members
  reconciler import --all --kind ConnectionSpec --dry-run
  reconciler import --drift
  reconciler import --drift mailchimp-members
"""


@click.command("import", epilog=_EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--id", "ids", multiple=True, metavar="ID", help="The live spec with this id, whoever's it is (repeatable).")
@click.option("--name", "names", multiple=True, metavar="GLOB", help="Live specs with a name like this (repeatable).")
@click.option("--all", "everything", is_flag=True, help="All live specs that are ours or nobody's.")
@click.option("--drift", is_flag=True, help="Only what drifted, into the files that are there: of KEYs, or of all.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only specs of this kind.")
@click.option("--as", "key", metavar="KEY", help="The key of the one spec that is chosen; the default comes from its name.")
@click.option("--own-ids", is_flag=True, help="Write a flow spec's list of ids even where they are not all of this repository.")
@click.option("--dry-run", is_flag=True, help="Show what would be written as a diff, and write nothing.")
@format_option("text", "json")
@global_options
@pass_shell
def import_(shell: Shell, /, dry_run: bool, form: str, **asked: Any) -> int:
    """Write live specs as spec files, with their ids pinned, so that the next plan has nothing to do for them.

    A live spec that has a file keeps it: only the values that differ are changed in it, in `spec` or in the target's overlay.
    Another repository's specs, shared flow specs and retired specs are only taken by --id. Nothing is written to Flow Service: this
    command holds a client that cannot.
    """
    from reconciler.cli.importing import import_live_specs

    return import_live_specs(shell, asked, form, dry_run=dry_run)
