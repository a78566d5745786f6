"""The log of a GitHub Actions step: the runner reads commands out of it, so nothing that is printed may be one by accident.

What goes to the log stands between `::stop-commands::` and a random token that ends it. A stream that goes to a file is not the log, and is
left as it is. No access token is printed, not even to have it masked: whatever keeps the output would keep the token. Source: GitHub docs,
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
    """A stream into the log: whatever is written holds no command for the runner. `commands` writes what is meant to be one."""

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
    """While the context is open, what goes to the log of a step is harmless there. Anywhere else nothing changes.

    Standard output is left alone where the arguments ask for a format that a program reads.
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
    """Print workflow commands of our own on standard output, so that the runner acts on them."""
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
    """Whether no format but text is asked for, as far as can be told from arguments that may not even parse."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    asked = [other if one == "--format" else one.partition("=")[2] for one, other in pairs if one.partition("=")[0] == "--format"]
    return all(form == "text" for form in asked)


def _is_file(stream: TextIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False
