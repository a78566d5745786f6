"""`reconciler import`."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from typing import Any

import click

from reconciler.authoring.importing.selection import Choice
from reconciler.authoring.importing.specs import Import
from reconciler.cli.importing import write_files
from reconciler.cli.options.every_command import format_option, global_options
from reconciler.cli.schema_files import missing_schemas, write_schemas
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.cli.terminal.progress import progress_for
from reconciler.desired.envelope import check_id, check_key
from reconciler.documents.kinds import Kind
from reconciler.documents.shapes import Misfit
from reconciler.errors import UsageError, exit_code_of
from reconciler.reports.importing.json import render_import_json
from reconciler.reports.importing.text import render_import_text
from reconciler.schemas.published import SCHEMAS
from reconciler.settings.scope import Scope

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
    result = _prepared(shell, _choice(**asked))
    if not dry_run:
        write_files(shell.scope.specs, result)
        _write_schemas(shell.scope, result)
    emit(render_import_json(result, dry_run=dry_run) if form == "json" else _text(shell, result, dry_run=dry_run))
    return exit_code_of(result.problems)


def _write_schemas(scope: Scope, result: Import) -> None:
    """The copies of the schemas that new files name in their first line, where there are none yet."""
    if any(spec.before is None for spec in result.to_write):
        for _ in write_schemas(scope.specs, missing_schemas(scope.specs, SCHEMAS)):
            pass


def _choice(*, kind: str | None, key: str | None, **asked: Any) -> Choice:
    choice = Choice(kind=Kind(kind) if kind else None, key=key, **asked)
    selects = bool(choice.ids or choice.names or choice.everything)
    if not selects and not choice.drift:
        raise UsageError(
            "import has to be told what to take", hint="choose with --id ID, --name GLOB, --all, or --drift for what drifted"
        )
    if choice.drift and (selects or choice.kind or choice.key or choice.own_ids):
        raise UsageError("--drift is about files that are there, and goes with KEYs only", hint="import --drift [KEY]...")
    if choice.keys and not choice.drift:
        raise UsageError(
            "KEYs choose whose drift is taken over, and there is no --drift",
            hint="live specs are chosen with --id, --name or --all",
        )
    _check_key(choice.key)
    return replace(choice, ids=tuple(_checked_id(spec_id) for spec_id in choice.ids))


def _checked_id(text: str) -> str:
    try:
        return check_id(text)
    except Misfit as misfit:
        hint = (
            "an id looks like 4fe859de-3f5a-4f5e-9f5e-1a3f6c0de0c0; --name 'MailChimp*' chooses by name, "
            "and --name '*' --dry-run shows what is live"
        )
        raise UsageError(f"--id: {misfit}", hint=hint) from None


def _check_key(key: str | None) -> None:
    try:
        if key is not None:
            check_key(key)
    except Misfit as misfit:
        raise UsageError(f"--as: {misfit}", hint=misfit.hint) from None


def _prepared(shell: Shell, choice: Choice) -> Import:
    progress = progress_for(shell.environ, verbose=shell.verbose)
    try:
        with shell.sessions.reading(shell.scope, progress, shell.signals.stop) as session:
            return session.prepare_import(choice)
    finally:
        progress.clear()


def _text(shell: Shell, result: Import, *, dry_run: bool) -> str:
    words = ["reconciler"]
    if shell.scope.specs != Scope().specs:
        words += ["--specs", str(shell.scope.specs)]
    command = shlex.join([*words, "--target", result.target.name, "plan"])
    color = wants_color(sys.stdout, shell.environ)
    return render_import_text(result, dry_run=dry_run, next_command=command, verbose=shell.verbose, color=color)
