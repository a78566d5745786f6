"""Time that passes only when something takes time, and what happens meanwhile."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable


class VirtualClock:
    """Seconds since the epoch. Whatever is due while somebody waits, happens at its own moment."""

    def __init__(self) -> None:
        self.time = 1_700_000_000.0
        self.longest_sleep = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def milliseconds(self) -> int:
        return int(self.time * 1000)

    def sleep(self, seconds: float) -> None:
        self.longest_sleep = max(self.longest_sleep, seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass, with everything that is due in it."""
        until = self.time + max(seconds, 0.0)
        while self._due and self._due[0][0] <= until:
            due, _, run = heapq.heappop(self._due)
            self.time = max(self.time, due)
            run()
        self.time = max(self.time, until)

    def after(self, seconds: float, run: Callable[[], None]) -> None:
        """Have something happen that many seconds from now."""
        heapq.heappush(self._due, (self.time + seconds, next(self._order), run))

    def clear(self) -> None:
        """Nothing more happens by itself."""
        self._due.clear()
