"""The service's clock and its scheduled actions, such as a delayed write or a later normalization."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Awaitable, Callable

Late = Callable[[], Awaitable[object]]


class Timeline:
    """Epoch seconds from the given clock. Actions that are due run with the next request, each at its own time.

    The schedule is in memory: actions that are not due when the emulator ends never run.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._moment = threading.local()
        self._lock = threading.Lock()
        self._due: list[tuple[float, int, Late]] = []
        self._order = itertools.count()

    def now(self) -> float:
        """The current time; while a due action runs, the time at which it was due."""
        moment: float | None = getattr(self._moment, "value", None)
        return self._clock() if moment is None else moment

    def after(self, seconds: float, run: Late) -> None:
        """Schedule an action after this many seconds."""
        with self._lock:
            heapq.heappush(self._due, (self.now() + seconds, next(self._order), run))

    async def catch_up(self) -> None:
        """Run the due actions in order."""
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
