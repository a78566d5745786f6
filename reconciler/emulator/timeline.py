"""The service's time, and what it still has to do: a write that lands late, a body that is made over a moment after it was written."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Awaitable, Callable

Late = Callable[[], Awaitable[object]]


class Timeline:
    """Epoch seconds from a clock that is handed in. What is due is done when somebody comes next, each at its own moment.

    It is kept in memory: what has not come due when the emulator ends never happens.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._moment = threading.local()
        self._lock = threading.Lock()
        self._due: list[tuple[float, int, Late]] = []
        self._order = itertools.count()

    def now(self) -> float:
        """The time; while something that was due is done, the moment at which it was."""
        moment: float | None = getattr(self._moment, "value", None)
        return self._clock() if moment is None else moment

    def after(self, seconds: float, run: Late) -> None:
        """Have something happen that many seconds from now."""
        with self._lock:
            heapq.heappush(self._due, (self.now() + seconds, next(self._order), run))

    async def catch_up(self) -> None:
        """Do what has come due, in its order."""
        while (late := self._next()) is not None:
            self._moment.value, run = late
            try:
                await run()
            finally:
                self._moment.value = None

    def _next(self) -> tuple[float, Late] | None:
        with self._lock:
            if not self._due or self._due[0][0] > self._clock():
                return None
            due, _, run = heapq.heappop(self._due)
            return due, run
