"""A request to stop, as SIGINT and SIGTERM make it: what is in flight is finished, nothing new is begun."""

from __future__ import annotations

import threading

from reconciler.errors import ExitCode


class Stop:
    """Set at most once, from a signal handler; asked from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._exit_code: ExitCode | None = None

    def request(self, exit_code: ExitCode) -> None:
        """Ask to stop; the first exit code counts."""
        self._exit_code = self._exit_code or exit_code
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    @property
    def exit_code(self) -> ExitCode | None:
        """What the process is to end with, or None while nobody asked."""
        return self._exit_code
