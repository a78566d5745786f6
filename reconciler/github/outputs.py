"""Outputs and summary of a workflow step. Source: GitHub docs, "Workflow commands for GitHub Actions", environment files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from reconciler.errors import UsageError

MAX_SUMMARY: Final = 1_048_576
"""Maximum number of bytes of a step's summary; GitHub shows nothing of a larger one."""


def write_outputs(environ: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Set outputs of this step, except values with a line break. Raises UsageError outside of a step."""
    lines = "".join(f"{name}={value}\n" for name, value in outputs.items() if "\n" not in value and "\r" not in value)
    _append(environ, "GITHUB_OUTPUT", lines)


def room_in_summary(environ: Mapping[str, str]) -> int:
    """The bytes left in this step's summary. Raises UsageError outside of a step."""
    try:
        return max(MAX_SUMMARY - _path(environ, "GITHUB_STEP_SUMMARY").stat().st_size, 0)
    except OSError:
        return MAX_SUMMARY


def write_summary(environ: Mapping[str, str], text: str) -> None:
    """Append to this step's summary. Raises UsageError outside of a step."""
    _append(environ, "GITHUB_STEP_SUMMARY", text)


def _append(environ: Mapping[str, str], variable: str, text: str) -> None:
    path = _path(environ, variable)
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(
            f"cannot write the file in {variable}: {error.strerror or error}",
            hint="free disk space on the runner, and do not change the value that it sets",
        ) from None


def _path(environ: Mapping[str, str], variable: str) -> Path:
    path = environ.get(variable, "")
    if not path:
        raise UsageError(f"{variable} is not set", hint="run this command in a step of a GitHub Actions workflow")
    return Path(path)
