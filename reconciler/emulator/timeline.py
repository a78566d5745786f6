"""The service's clock and its scheduled actions, such as a delayed write, a later normalization, or the run of a flow."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

Late = Callable[[], Awaitable[object]]
Job = Callable[[], None]
Work: TypeAlias = Callable[[Job], Awaitable[object]]
"""Carries out a job that takes long: in this thread, or beside it."""


@dataclass(frozen=True, slots=True)
class _Due:
    action: Late | None = None
    job: Job | None = None


async def at_once(job: Job) -> None:
    """Carry out a job in this thread."""
    job()


class Timeline:
    """Epoch seconds from the given clock, ahead of it by what was skipped. Due actions run with the next request, each at its own time.

    The schedule is in memory: actions that are not due when the emulator ends never run.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ahead = 0.0
        self._moment = threading.local()
        self._lock = threading.Lock()
        self._due: list[tuple[float, int, _Due]] = []
        self._order = itertools.count()

    @property
    def ahead(self) -> float:
        """The seconds that were skipped."""
        return self._ahead

    def now(self) -> float:
        """The current time; while a due action runs, the time at which it was due."""
        moment: float | None = getattr(self._moment, "value", None)
        return self.latest() if moment is None else moment

    def latest(self) -> float:
        """The current time, also while an action runs that was due earlier."""
        return self._clock() + self._ahead

    def advance(self, seconds: float) -> None:
        """Skip this many seconds; what is due by then runs with the next request."""
        with self._lock:
            self._ahead += max(seconds, 0.0)

    def after(self, seconds: float, run: Late) -> None:
        """Schedule a short action after this many seconds."""
        self._plan(self.now() + seconds, _Due(action=run))

    def at(self, moment: float, job: Job) -> None:
        """Schedule a job that may take long and call others, at this time; a time in the past is now."""
        self._plan(max(moment, self.now()), _Due(job=job))

    async def catch_up(self, work: Work = at_once) -> None:
        """Run the due actions in order. `work` carries out jobs; one that is not done when it returns goes on beside the others."""
        while (late := self._next()) is not None:
            moment, due = late
            if due.job is not None:
                await work(self._at(moment, due.job))
            if due.action is not None:
                self._moment.value = moment
                try:
                    await due.action()
                finally:
                    self._moment.value = None

    def _at(self, moment: float, job: Job) -> Job:
        """The job as it runs in whatever thread: the clock has the time at which it was due."""

        def timed() -> None:
            before = getattr(self._moment, "value", None)
            self._moment.value = moment
            try:
                job()
            finally:
                self._moment.value = before

        return timed

    def _plan(self, moment: float, due: _Due) -> None:
        with self._lock:
            heapq.heappush(self._due, (moment, next(self._order), due))

    def _next(self) -> tuple[float, _Due] | None:
        with self._lock:
            if not self._due or self._due[0][0] > self.latest():
                return None
            moment, _, due = heapq.heappop(self._due)
            return moment, due
