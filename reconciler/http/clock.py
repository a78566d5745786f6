"""Time as a dependency: tests and simulations supply their own clock."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """The clock that all waits and measurements use."""

    def now(self) -> float:
        """Seconds since the epoch, wall-clock time."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary moment; never decreases."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait this many seconds."""
        ...


class Stop(Protocol):
    """A stop request, such as a `threading.Event` that a signal handler sets."""

    def is_set(self) -> bool:
        """Whether a stop was requested."""
        ...


class SystemClock:
    """The system clock."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(max(seconds, 0.0))
