"""An import: what was asked for, read from live, written as files, and told."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reconciler.authoring.importing.selection import Choice
from reconciler.authoring.importing.specs import Import
from reconciler.cli.files import missing_schemas, write_file, write_schemas
from reconciler.cli.options.spec_names import keys_named
from reconciler.cli.shell import Shell
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


def import_live_specs(shell: Shell, asked: Mapping[str, Any], form: str, *, dry_run: bool) -> int:
    """Import what the options ask for, and the exit code. Raises ReconcilerError."""
    choice = _choice(**asked)
    result = _prepared(shell, replace(choice, keys=keys_named(shell, choice.keys)))
    if not dry_run:
        write_files(shell.scope.specs, result)
        _write_schemas(shell.scope, result)
    emit(
        render_import_json(result, dry_run=dry_run) if form == "json" else _text(shell, result, dry_run=dry_run),
        fit=form == "text",
    )
    return exit_code_of(result.problems)


def _write_schemas(scope: Scope, result: Import) -> None:
    """Write the schema copies that new files refer to in their first line, unless they exist."""
    if any(spec.before is None for spec in result.to_write):
        for _ in write_schemas(scope.specs, missing_schemas(scope.specs, SCHEMAS)):
            pass


def _choice(*, kind: str | None, key: str | None, **asked: Any) -> Choice:
    choice = Choice(kind=Kind(kind) if kind else None, key=key, **asked)
    selects = bool(choice.ids or choice.names or choice.everything)
    if not selects and not choice.drift and not choice.keys:
        raise UsageError(
            "choose what to import", hint="use --id ID, --name GLOB or --all; --drift imports drift into existing files"
        )
    if choice.drift and (selects or choice.kind or choice.key or choice.own_ids):
        raise UsageError(
            "--drift updates existing files and can be combined only with KEYs", hint="run `reconciler import --drift [KEY]...`"
        )
    if choice.keys and not choice.drift:
        raise UsageError(
            "KEYs require --drift",
            hint="use --id, --name or --all to import live specs; `reconciler import --drift KEY` imports drift into the file of KEY",
        )
    _check_key(choice.key)
    return replace(choice, ids=tuple(_checked_id(spec_id) for spec_id in choice.ids))


def _checked_id(text: str) -> str:
    try:
        return check_id(text)
    except Misfit as misfit:
        hint = (
            "an id looks like 4fe859de-3f5a-4f5e-9f5e-1a3f6c0de0c0; --name 'MailChimp*' selects by name, "
            "and --name '*' --dry-run lists the live specs"
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


def write_files(specs: Path, result: Import) -> None:
    """Write every file of an import, and none outside of the specs folder.

    Raises UsageError for a file that changed since it was read, or that cannot be written; the files before it stay written.
    """
    for spec in result.to_write:
        file = specs / spec.path
        if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(specs)):
            raise UsageError(
                f"{spec.file} was not written: it is outside the specs folder", hint="replace the symbolic link with a folder"
            )
        hint = "free disk space or fix the permissions, then run import again: it continues where it stopped"
        write_file(file, spec.after, hint, before=spec.before)
