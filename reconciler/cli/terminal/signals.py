"""SIGINT and SIGTERM: end the command, or, while it writes, ask it to stop after the requests in flight.

A second signal always ends the process at once.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from reconciler.applying.stopping import Stop
from reconciler.errors import ExitCode

_CODES: Final = {signal.SIGINT: ExitCode.SIGINT, signal.SIGTERM: ExitCode.SIGTERM}
_FINISHING: Final = b"\nstopping: waiting for requests in flight; interrupt again to exit at once\n"
_INTERRUPTED: Final = b"\nerror: interrupted\n"
_GRACE: Final = 1.0
"""Seconds a read-only command has to end by itself; an unanswered request would block it for longer."""


class Stopped(BaseException):
    """A signal arrived while nothing was being written. A BaseException, so that no error handler catches it."""

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class Signals:
    """The signal handlers of one process, and the Stop they set. `exit_at_once` ends the process immediately."""

    def __init__(self, exit_at_once: Callable[[int], object] = os._exit, grace: float = _GRACE) -> None:
        self.stop = Stop()
        self._exit_at_once = exit_at_once
        self._grace = grace
        self._finishing: bytes | None = None
        self._last_word: threading.Timer | None = None

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Handle both signals while the context is open."""
        before = {number: signal.signal(number, self._handle) for number in _CODES}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            if self._last_word is not None:
                self._last_word.cancel()

    @contextmanager
    def finishing(self, said: bytes = _FINISHING) -> Iterator[None]:
        """While the context is open, the first signal only sets `stop`; `said` tells so on standard error."""
        self._finishing = said
        try:
            yield
        finally:
            self._finishing = None

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        code = _CODES[signal.Signals(number)]
        if self.stop.is_set():
            self._exit_at_once(code)
            return
        self.stop.request(code)
        if self._finishing is not None:
            os.write(2, self._finishing)
            return
        self._last_word = threading.Timer(self._grace, self._give_up, (code,))
        self._last_word.daemon = True
        self._last_word.start()
        raise Stopped(code)

    def _give_up(self, code: ExitCode) -> None:
        os.write(2, _INTERRUPTED)
        self._exit_at_once(code)
