"""The files that the command line itself reads and writes: saved plans and reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.cli.shell import Shell
from reconciler.cli.whole_files import save
from reconciler.disk import read_regular
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.reports.plan.view import PlanView

MAX_REPORT: Final = 100_000_000
"""Largest plan or report that is read, in bytes: far more than one with thousands of specs needs."""


def read_whole(path: Path, hint: str, limit: int = MAX_REPORT) -> bytes:
    """The content of a regular file. Raises UsageError, with this hint, if it cannot be read."""
    try:
        return read_regular(path, limit)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}", hint=hint) from error


def keep_report(shell: Shell, text: str) -> None:
    """Write the report to the file given with `--report`, if any. Raises UsageError if it cannot be written."""
    if shell.report is not None:
        save(shell.report, text)
        shell.reported = True


def load_plan(path: Path) -> PlanView:
    """The saved plan in this file. Raises UsageError when there is none that can be read."""
    from reconciler.reports.plan.reading import read_plan

    data = read_whole(path, "name a file that `plan --out` wrote")
    return read_plan(data, str(path))
