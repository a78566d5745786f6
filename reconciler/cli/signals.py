"""SIGINT and SIGTERM: where nothing is written they end the command; where something is, they ask it to finish what is in flight.

A second signal always ends the process at once.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from reconciler.applying.stopping import Stop
from reconciler.errors import ExitCode

_CODES: Final = {signal.SIGINT: ExitCode.SIGINT, signal.SIGTERM: ExitCode.SIGTERM}
_FINISHING: Final = b"\nstopping: what is in flight is finished first; once more to exit at once\n"


class Stopped(BaseException):
    """A signal came while nothing was being written. No handler of errors may take it for one."""

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class Signals:
    """The handlers of one process, and the Stop that they set."""

    def __init__(self, exit_at_once: Callable[[int], object] = os._exit) -> None:
        self.stop = Stop()
        self._exit_at_once = exit_at_once
        self._finishing = False

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Both signals are handled here for as long as the context is open."""
        before = {number: signal.signal(number, self._handle) for number in _CODES}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """While the context is open, a first signal only sets `stop`."""
        self._finishing = True
        try:
            yield
        finally:
            self._finishing = False

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        code = _CODES[signal.Signals(number)]
        if self.stop.is_set():
            self._exit_at_once(code)
            return
        self.stop.request(code)
        if not self._finishing:
            raise Stopped(code)
        os.write(2, _FINISHING)
