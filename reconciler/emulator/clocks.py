"""Clocks that are faster than time."""

from __future__ import annotations

import time
from collections.abc import Callable


class FastClock:
    """Epoch seconds that pass `speed` times as fast as those of `clock`, from the moment at which it is made."""

    def __init__(self, speed: float, clock: Callable[[], float] = time.time) -> None:
        self._speed = speed
        self._clock = clock
        self._start = clock()

    def __call__(self) -> float:
        return self._start + (self._clock() - self._start) * self._speed
