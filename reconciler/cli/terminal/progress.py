"""Progress on standard error: one self-overwriting line on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol

from reconciler.cli.terminal.output import tell, wants_color
from reconciler.observing.progress import Progress
from reconciler.reports.sinks.escaping import for_terminal
from reconciler.reports.sinks.text import Text

if TYPE_CHECKING:
    from reconciler.planning.plan import Action

_EVERY: Final = 25
"""Writes between two log lines."""
_WAITING: Final = "waiting"
"""Prefix of steps that take seconds: only those get a log line."""
_CLEAR: Final = "\r\x1b[K"
_COLUMNS: Final = 100
"""The most columns that the line takes; a narrower terminal would wrap it, and could not clear it then."""


class ShownProgress(Progress, Protocol):
    """Progress that can be cleared before other output."""

    def clear(self) -> None:
        """Remove the progress line before other output."""


def progress_for(environ: Mapping[str, str], *, verbose: bool) -> ShownProgress:
    """A self-overwriting line if standard error is a terminal without a log; plain lines otherwise."""
    if wants_color(sys.stderr, environ) and not verbose:
        return TerminalProgress()
    return LogProgress(verbose=verbose)


class TerminalProgress:
    """One line, overwritten by the next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def step(self, message: str) -> None:
        self._show(message)

    def wrote(self, action: Action, done: int, total: int) -> None:
        self._show(f"{done} of {total}: {action.action} {action.key or action.name}")

    def clear(self) -> None:
        """Remove the line."""
        tell(_CLEAR)

    def _show(self, message: str) -> None:
        with self._lock:
            tell(f"{_CLEAR}{for_terminal(message)[: _columns()]}")


def _columns() -> int:
    """The columns that the line takes at most."""
    try:
        known = os.get_terminal_size(sys.stderr.fileno()).columns - 1
    except (OSError, ValueError):  # standard error is not a terminal
        known = 0
    return min(known, _COLUMNS) if known > 0 else _COLUMNS


class LogProgress:
    """Plain lines: for waits, and every `_EVERY` writes; for every step if verbose."""

    def __init__(self, *, verbose: bool = False) -> None:
        self._verbose = verbose
        self._lock = threading.Lock()

    def step(self, message: str) -> None:
        if self._verbose or message.startswith(_WAITING):
            self._line(message)

    def wrote(self, action: Action, done: int, total: int) -> None:
        if self._verbose:
            self._line(f"{done} of {total}: {action.action} {action.key or action.name}")
        elif done % _EVERY == 0:
            self._line(f"{done} of {total} written")

    def clear(self) -> None:
        """Does nothing: log lines stay."""

    def _line(self, message: str) -> None:
        text = Text()
        text.line(message)
        with self._lock:
            tell(text.render())
