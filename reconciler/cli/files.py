"""Files that the command line itself reads and writes: saved plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.cli.shell import Shell
from reconciler.disk import Unfit, read_regular, write_whole
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.reports.plan.view import PlanView

MAX_REPORT: Final = 100_000_000
"""Bytes of a plan or report that is read back: far more than one of thousands of specs has."""


def save(path: Path, text: str) -> None:
    """Write a file whole or not at all, through no link of a repository. Raises UsageError when it cannot be written."""
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise unwritable(path, error, "name a file in a folder that exists and may be written to") from error


def unwritable(path: Path, error: OSError, hint: str, done: str = "written") -> UsageError:
    """Why a file cannot be written; `hint` is the next step where the error has none of its own."""
    return UsageError(
        f"{path} cannot be {done}: {error.strerror or error}", hint=error.hint if isinstance(error, Unfit) else hint
    )


def not_made(folder: Path, error: OSError, hint: str) -> UsageError:
    """Why a folder cannot be made; `hint` as for `unwritable`."""
    return unwritable(folder, error, hint, "made")


def read_whole(path: Path, hint: str, limit: int = MAX_REPORT) -> bytes:
    """The content of a regular file. Raises UsageError for everything else; `hint` says what to name."""
    try:
        return read_regular(path, limit)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}", hint=hint) from error


def keep_report(shell: Shell, text: str) -> None:
    """Write the report where `--report` asks for it. Raises UsageError when it cannot be written."""
    if shell.report is not None:
        save(shell.report, text)
        shell.reported = True


def load_plan(path: Path) -> PlanView:
    """The saved plan in this file. Raises UsageError when there is none that can be read."""
    from reconciler.reports.plan.reading import read_plan

    data = read_whole(path, "name a file that `plan --out` wrote")
    return read_plan(data, str(path))
