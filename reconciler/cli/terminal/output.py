"""Where output goes: results to standard output, everything else to standard error; colours only for a terminal that wants them."""

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
    """The same bytes out, whatever the locale; what cannot be encoded is shown as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def emit(text: str) -> None:
    """Print a result on standard output. A reader that went away (`| head`) is no error."""
    _write(sys.stdout, text)


def tell(text: str) -> None:
    """Print a message on standard error."""
    _write(sys.stderr, text)


def wants_color(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether colours and progress lines fit: a terminal, no `NO_COLOR` (https://no-color.org), and not a dumb one."""
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
                f"standard output cannot be written: {error.strerror or error}", hint="make room, or send it somewhere else"
            ) from error


def _let_go(stream: TextIO) -> None:
    """Lead a stream nowhere. Python flushes both streams once more as it ends, and would complain then."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
