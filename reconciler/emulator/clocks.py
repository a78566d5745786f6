"""Clocks that are faster than time."""

from __future__ import annotations

import time
from collections.abc import Callable

from reconciler.emulator.service import Service


class FastClock:
    """Epoch seconds that pass `speed` times as fast as those of `clock`, from the moment at which it is made."""

    def __init__(self, speed: float, clock: Callable[[], float] = time.time) -> None:
        self._speed = speed
        self._clock = clock
        self._start = clock()

    def __call__(self) -> float:
        return self._start + (self._clock() - self._start) * self._speed


class JumpingClock:
    """The clock of an embedded service and of its client: a wait takes no time, and the service is that much later.

    It starts no earlier than the last write in the store, so that a service on a file does not go back in time.
    """

    def __init__(self, service: Service) -> None:
        self._timeline = service.timeline
        self._timeline.advance(service.store.last_write() - self._timeline.latest())
        service.sleep = self.sleep

    def now(self) -> float:
        """Epoch seconds."""
        return self._timeline.latest()

    def monotonic(self) -> float:
        """Seconds since some moment; never decreases."""
        return time.monotonic() + self._timeline.ahead

    def sleep(self, seconds: float) -> None:
        """Skip this many seconds. What is due by then happens with the next request."""
        self._timeline.advance(seconds)
