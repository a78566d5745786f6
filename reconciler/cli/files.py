"""Files that the command line itself reads and writes: saved plans."""

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
"""Bytes of a plan or report that is read back: far more than one of thousands of specs has."""


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
