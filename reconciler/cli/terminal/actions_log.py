"""The log of a GitHub Actions step: the runner executes commands in it, so no output may be a command by accident.

All output to the log is wrapped in `::stop-commands::` with a random token. A stream redirected to a file is not the log, and is left
alone. Access tokens are never printed, not even to mask them: whatever stores the output would store the token. Source: GitHub docs,
"Workflow commands for GitHub Actions".
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOBase
from typing import TextIO, cast


class StoppedStream(TextIOBase):
    """A stream to the log that disables runner commands in its text. `commands` writes real commands."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        token = os.urandom(16).hex()
        end = "" if text.endswith("\n") else "\n"
        self._stream.write(f"::stop-commands::{token}\n{text}{end}::{token}::\n" if text else "")
        return len(text)

    def commands(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return False


@contextmanager
def stopped_commands(arguments: Sequence[str], environ: Mapping[str, str]) -> Iterator[None]:
    """While the context is open, output to the log of a step cannot contain commands. Outside GitHub Actions, does nothing.

    Standard output is left alone if the arguments ask for a machine-readable format.
    """
    if not in_actions(environ):
        yield
        return
    out, err = sys.stdout, sys.stderr
    if _is_text(arguments) and not _is_file(out):
        sys.stdout = cast(TextIO, StoppedStream(out))
    if not _is_file(err):
        sys.stderr = cast(TextIO, StoppedStream(err))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


def print_commands(text: str) -> None:
    """Print workflow commands to standard output for the runner to execute."""
    _print(sys.stdout, text)


def _print(stream: TextIO | StoppedStream, text: str) -> None:
    if isinstance(stream, StoppedStream):
        stream.commands(text)
        return
    stream.write(text)
    stream.flush()


def in_actions(environ: Mapping[str, str]) -> bool:
    """Whether this is a step of a GitHub Actions workflow."""
    return environ.get("GITHUB_ACTIONS") == "true"


def _is_text(arguments: Sequence[str]) -> bool:
    """Whether the arguments ask for no format other than text; the arguments may be invalid."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    asked = [other if one == "--format" else one.partition("=")[2] for one, other in pairs if one.partition("=")[0] == "--format"]
    return all(form == "text" for form in asked)


def _is_file(stream: TextIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False
