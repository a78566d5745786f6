"""What the code under test gets in place of threads and locks, so that several workers take turns in virtual time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any, Self, TypeVar
from unittest import mock

from reconciler.flowservice import credentials
from reconciler.observing import live as observation
from tests.simulation.clock import VirtualClock

T = TypeVar("T")
R = TypeVar("R")

_A_MOMENT = 0.01


class SteppedExecutor:
    """A `ThreadPoolExecutor` whose workers take turns."""

    def __init__(self, clock: VirtualClock, max_workers: int) -> None:
        self._clock = clock
        self._workers = max_workers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """All work is done when `map` returns."""

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        left = list(enumerate(items))
        results: dict[int, R] = {}
        errors: dict[int, Exception] = {}

        def work() -> None:
            while left:
                number, item = left.pop(0)
                try:
                    results[number] = function(item)
                except Exception as error:  # noqa: BLE001 - it is raised where its result is asked for
                    errors[number] = error

        self._clock.together([work] * min(self._workers, len(left)))
        if errors:
            raise errors[min(errors)]
        return iter([results[number] for number in sorted(results)])


class SteppedLock:
    """A lock that whoever has to wait for it waits for in virtual time."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()

    def acquire(self, timeout: float = float("inf")) -> bool:
        until = self._clock.monotonic() + timeout
        while not self._lock.acquire(blocking=False):
            if self._clock.monotonic() >= until:
                return False
            self._clock.advance(_A_MOMENT)
        return True

    def release(self) -> None:
        self._lock.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()


@contextmanager
def stage(clock: VirtualClock) -> Iterator[None]:
    """Let workers, and the one lock that is held while somebody waits for an answer, take turns on this clock."""
    with ExitStack() as stack:
        threads: Any = SimpleNamespace(Lock=lambda: SteppedLock(clock))
        stack.enter_context(mock.patch.object(credentials, "threading", threads))
        stack.enter_context(
            mock.patch.object(observation, "ThreadPoolExecutor", lambda max_workers, **_: SteppedExecutor(clock, max_workers))
        )
        yield
