"""Files that commands read and write, each whole or not at all: saved plans, reports, and files of the repository."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.cli.shell import Shell
from reconciler.disk import Unfit, make_folder, read_most, read_regular, write_whole
from reconciler.errors import UsageError
from reconciler.settings.scope import Scope

if TYPE_CHECKING:
    from reconciler.proving.report import NotProved, ProveReport
    from reconciler.reports.plan.view import PlanView

MAX_REPORT: Final = 100_000_000
"""Largest plan or report that is read, in bytes: far more than one with thousands of specs needs."""


def read_whole(path: Path, hint: str, limit: int = MAX_REPORT) -> bytes:
    """The content of a regular file. Raises UsageError, with this hint, if it cannot be read."""
    try:
        return read_regular(path, limit)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}", hint=hint) from error


def keep_report(shell: Shell, text: str | Callable[[], str]) -> None:
    """Write the report to the file given with `--report`, if any; a function renders it only then.

    Raises UsageError if it cannot be written.
    """
    if shell.report is not None:
        rendered = text if isinstance(text, str) else text()
        shell.reported = True  # a file that cannot be written is one error, and not tried again
        save(shell.report, rendered)


def load_plans(path: Path) -> PlanView | tuple[PlanView, ...]:
    """The saved plan in this file, or those of several targets. Raises UsageError when there is none that can be read."""
    from reconciler.reports.fleet.saved import is_fleet_plan, read_fleet_plan
    from reconciler.reports.plan.reading import read_plan

    data = read_whole(path, "pass a file that `plan --out` wrote")
    return read_fleet_plan(data, str(path)) if is_fleet_plan(data) else read_plan(data, str(path))


def read_saved(path: Path) -> PlanView | tuple[PlanView, ...] | ProveReport | NotProved:
    """The saved plan (or those of several targets) or report of a proof in this file. Raises UsageError when none can be read."""
    from reconciler.documents.json_text import NotJson, decode
    from reconciler.reports.fleet.saved import is_fleet_plan, read_fleet_plan
    from reconciler.reports.plan.reading import read_plan
    from reconciler.reports.proving.saved import is_proof, read_proof_report

    data = read_whole(path, "pass a file that `plan --out` or `prove --report` wrote")
    if is_fleet_plan(data):
        return read_fleet_plan(data, str(path))
    try:
        of_proof = is_proof(decode(data))
    except NotJson:
        of_proof = False
    return read_proof_report(data, str(path)) if of_proof else read_plan(data, str(path))


def save(path: Path, text: str) -> None:
    """Write a file that the user named, and replace an existing one. Raises UsageError if it cannot be written."""
    _put(path, text, mode=0o600)


def _put(path: Path, text: str, *, mode: int) -> None:
    try:
        write_whole(path, text.encode(), mode=mode)
    except OSError as error:
        raise _failed(path, "write", error, "choose a file in a writable folder") from error


def write_file(path: Path, data: bytes, hint: str, *, before: bytes | None = None) -> None:
    """Write a new file of the repository; with `before`, replace the file that has exactly this content.

    Creates missing folders. Raises UsageError if it cannot be written, with `hint` unless the error has a hint of its own.
    """
    try:
        if before is not None and read_most(path, len(before) + 1) != before:
            raise UsageError(f"{path} was not written: it changed while this command ran", hint="run the command again")
        write_whole(path, data, mode=0o666, is_new=before is None, parents=True)
    except OSError as error:
        raise _failed(path, "write", error, hint) from error


def make_folder_for(path: Path, hint: str) -> None:
    """Create a folder if it is missing. Raises UsageError, with `hint` unless the error has a hint of its own."""
    try:
        make_folder(path)
    except OSError as error:
        raise _failed(path, "create", error, hint) from error


def _failed(path: Path, verb: str, error: OSError, hint: str) -> UsageError:
    reason = error.strerror or error
    return UsageError(f"cannot {verb} {path}: {reason}", hint=error.hint if isinstance(error, Unfit) else hint)


def missing_folder_hint(specs: Path) -> str:
    """What to do when the specs folder does not exist."""
    from reconciler.reports.sinks.escaping import for_terminal

    named = f"--specs {for_terminal(shlex.quote(specs.as_posix()))} " if specs != Scope().specs else ""
    return f"run `reconciler {named}init`, or pass the specs folder with --specs"


def write_schemas(specs: Path, schemas: Iterable[str]) -> Iterator[Path]:
    """Write these schemas to the specs folder, for editors, and yield each path as it is written. Raises UsageError if one cannot be."""
    from reconciler.schemas.published import FOLDER, file_name, schema_text

    if not specs.is_dir():
        raise UsageError(f"folder not found: {specs.as_posix()}", hint=missing_folder_hint(specs))
    folder = specs / FOLDER
    make_folder_for(folder, "remove what is in its way: schemas are copied to this folder")
    for schema in schemas:
        file = folder / file_name(schema)
        _put(file, schema_text(schema), mode=0o666)
        yield file


def missing_schemas(specs: Path, schemas: Iterable[str]) -> Iterator[str]:
    """The schemas without a copy in the specs folder."""
    from reconciler.schemas.published import FOLDER, file_name

    return (schema for schema in schemas if not (specs / FOLDER / file_name(schema)).exists())
