"""Time, as it is handed in: a test or a simulation brings its own."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What everything that waits or measures asks."""

    def now(self) -> float:
        """Seconds since the epoch, as the calendar has them."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds, or sooner when a stop is asked for."""
        ...


class Stop(Protocol):
    """A request to stop, such as a `threading.Event` that a signal handler sets."""

    def is_set(self) -> bool:
        """Whether stopping was asked for."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(max(seconds, 0.0))
