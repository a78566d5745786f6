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
@click.option(
    "--id", "ids", multiple=True, metavar="ID", help="Import the live spec with this id, regardless of owner (repeatable)."
)
@click.option("--name", "names", multiple=True, metavar="GLOB", help="Import live specs whose name matches GLOB (repeatable).")
@click.option("--all", "everything", is_flag=True, help="Import all live specs you own or that are unmanaged.")
@click.option("--drift", is_flag=True, help="Import drift into existing spec files: those of KEYs, or all.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Import only specs of this kind.")
@click.option("--as", "key", metavar="KEY", help="Key for the selected spec [default: derived from its name].")
@click.option("--own-ids", is_flag=True, help="Write a flow spec's id list even if some ids are not from this repository.")
@click.option("--dry-run", is_flag=True, help="Show a diff of the files, and write nothing.")
@format_option("text", "json")
@global_options
@pass_shell
def import_(shell: Shell, /, dry_run: bool, form: str, **asked: Any) -> int:
    """Import live specs as spec files with pinned ids, so that the next plan has no changes for them.

    If a live spec already has a file, only the values that differ are changed, in `spec` or in the target's overlay. Specs of another
    repository, shared flow specs and retired specs are imported only by --id. This command cannot write to Flow Service.
    """
    from reconciler.cli.importing import import_live_specs

    return import_live_specs(shell, asked, form, dry_run=dry_run)
