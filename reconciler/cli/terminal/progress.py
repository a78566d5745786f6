"""Progress on standard error: a line that overwrites itself on a terminal, few plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from typing import Final, Protocol

from reconciler.cli.terminal.output import tell, wants_color
from reconciler.observing.progress import Progress
from reconciler.planning.plan import Action
from reconciler.reports.sinks.escaping import for_terminal
from reconciler.reports.sinks.text import Text

_EVERY: Final = 25
"""Writes between two lines in a log."""
_WAITING: Final = "waiting"
"""How steps begin that take seconds: the only ones that are worth a line in a log."""
_CLEAR: Final = "\r\x1b[K"
_COLUMNS: Final = 100


class ShownProgress(Progress, Protocol):
    """Progress that can be taken away before something else is printed."""

    def clear(self) -> None:
        """What is printed next stands alone."""


def progress_for(environ: Mapping[str, str], *, verbose: bool) -> ShownProgress:
    """A line that overwrites itself where standard error is a terminal and no log goes there, too; plain lines elsewhere."""
    if wants_color(sys.stderr, environ) and not verbose:
        return TerminalProgress()
    return LogProgress(verbose=verbose)


class TerminalProgress:
    """One line, overwritten by the next; `clear` leaves nothing of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def step(self, message: str) -> None:
        self._show(message)

    def wrote(self, action: Action, done: int, total: int) -> None:
        self._show(f"{done} of {total}: {action.action} {action.key or action.name}")

    def clear(self) -> None:
        """Take the line away, so that what is printed next stands alone."""
        tell(_CLEAR)

    def _show(self, message: str) -> None:
        with self._lock:
            tell(f"{_CLEAR}{for_terminal(message)[:_COLUMNS]}")


class LogProgress:
    """Plain lines: for waits and every so many writes; when verbose, for every step."""

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
        """Nothing: lines of a log stay."""

    def _line(self, message: str) -> None:
        text = Text()
        text.line(message)
        with self._lock:
            tell(text.render())
