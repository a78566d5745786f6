"""A request to stop, from SIGINT or SIGTERM: requests in flight finish, nothing new starts."""

from __future__ import annotations

import threading

from reconciler.errors import ExitCode


class Stop:
    """Set at most once, by a signal handler; read from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.exit_code: ExitCode | None = None
        """The exit code for the process; None while no stop is requested."""

    def request(self, exit_code: ExitCode) -> None:
        """Request a stop; the first exit code wins."""
        self.exit_code = self.exit_code or exit_code
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()
