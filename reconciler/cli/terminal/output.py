"""Output: results go to standard output, everything else to standard error; colors only on terminals that support them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import TextIO

from reconciler.errors import ReconcilerError


class OutputLost(ReconcilerError):
    """A report could not be printed."""

    code = "output"


def use_utf8() -> None:
    """Write UTF-8 in every locale; characters that cannot be encoded are escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def emit(text: str, *, fit: bool = False) -> None:
    """Print a result to standard output; with `fit`, wrapped for a terminal. A closed pipe (`| head`) is not an error."""
    _write(sys.stdout, _fitted(text, sys.stdout) if fit else text)


def tell(text: str, *, fit: bool = False) -> None:
    """Print a message to standard error; with `fit`, wrapped for a terminal."""
    _write(sys.stderr, _fitted(text, sys.stderr) if fit else text)


def columns_of(stream: TextIO) -> int | None:
    """The width of the terminal; None off a terminal, and for one that does not say."""
    if not stream.isatty():
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def _fitted(text: str, stream: TextIO) -> str:
    columns = columns_of(stream)
    if columns is None:
        return text
    from reconciler.reports.sinks.fitting import fitted

    return fitted(text, columns)


def wants_color(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to use colors and progress lines: a terminal, not a dumb one, and `NO_COLOR` is unset (https://no-color.org)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _let_go(stream)
    except OSError as error:
        _let_go(stream)
        if stream is sys.stdout:
            raise OutputLost(
                f"cannot write to standard output: {error.strerror or error}", hint="free disk space, or redirect the output"
            ) from error


def _let_go(stream: TextIO) -> None:
    """Redirect a stream to the null device: Python flushes both streams again at exit, and would report an error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
