"""Files that the command line itself reads and writes: saved plans."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from reconciler.cli.shell import Shell
from reconciler.errors import UsageError
from reconciler.reports.plan_reading import read_plan
from reconciler.reports.view import PlanView


def save(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises UsageError when it cannot be written."""
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", newline="\n")  # a pipe or a device is not replaced
        else:
            _replace(path.resolve(), text)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}",
            hint="name a file in a folder that exists and may be written to",
        ) from error


def keep_report(shell: Shell, text: str) -> None:
    """Write the report where `--report` asks for it. Raises UsageError when it cannot be written."""
    if shell.report is not None:
        save(shell.report, text)
        shell.reported = True


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load_plan(path: Path) -> PlanView:
    """The saved plan in this file. Raises UsageError when there is none that can be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror or error}", hint="name a file that `plan --out` wrote"
        ) from error
    return read_plan(data, str(path))


def saved_plan_in(names: tuple[str, ...]) -> Path | None:
    """The first of these arguments of apply that is a plan file and no key: by its name, or because it holds a plan."""
    return next((Path(name) for name in names if _looks_like_file(name) or _holds_plan(Path(name))), None)


def _looks_like_file(name: str) -> bool:
    return name.endswith(".json") or os.sep in name


def _holds_plan(path: Path) -> bool:
    """Whether a file without an ending that would tell is a saved plan."""
    if not path.is_file():
        return False
    try:
        load_plan(path)
    except UsageError:
        return False
    return True
