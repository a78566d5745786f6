"""What the code under test gets in place of threads and locks, so that several workers take turns in virtual time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any, Self, TypeVar
from unittest import mock

from reconciler.applying import workers
from reconciler.flowservice import credentials
from reconciler.observing import live as observation
from tests.simulation.clock import VirtualClock

T = TypeVar("T")
R = TypeVar("R")

_A_MOMENT, _A_WHILE = 0.01, 0.1


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


class SteppedFuture(Future[T]):
    """A `Future` whose result is waited for in virtual time."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def result(self, timeout: float | None = None) -> T:
        self.wait()
        return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self.wait()
        return super().exception(timeout)

    def wait(self) -> None:
        while not self.done():
            self._clock.advance(_A_WHILE)


class SteppedSlots:
    """A semaphore that is waited for in virtual time."""

    def __init__(self, clock: VirtualClock, free: int) -> None:
        self._clock, self._free = clock, free

    def acquire(self) -> bool:
        while not self._free:
            self._clock.advance(_A_WHILE)
        self._free -= 1
        return True

    def release(self) -> None:
        self._free += 1

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()


class SteppedPool:
    """A `ThreadPoolExecutor` whose calls begin at once, and take turns."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self._clock.taking_turns())
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def submit(self, call: Callable[[], T]) -> SteppedFuture[T]:
        future = SteppedFuture[T](self._clock)

        def work() -> None:
            try:
                future.set_result(call())
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
                future.set_exception(error)

        self._clock.begin(work)
        return future


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


def _pool(clock: VirtualClock, **_: object) -> SteppedPool:
    return SteppedPool(clock)


@contextmanager
def stage(clock: VirtualClock) -> Iterator[None]:
    """Let workers, and the locks that are held while somebody waits for an answer, take turns on this clock."""
    with ExitStack() as stack:
        threads: Any = SimpleNamespace(Lock=lambda: SteppedLock(clock))
        stack.enter_context(mock.patch.object(credentials, "threading", threads))
        stack.enter_context(
            mock.patch.object(observation, "ThreadPoolExecutor", lambda max_workers, **_: SteppedExecutor(clock, max_workers))
        )
        turns: Any = SimpleNamespace(Semaphore=lambda free: SteppedSlots(clock, free))
        stack.enter_context(mock.patch.object(workers, "threading", turns))
        stack.enter_context(mock.patch.object(workers, "ThreadPoolExecutor", partial(_pool, clock)))
        stack.enter_context(mock.patch.object(workers, "wait", lambda futures: [future.exception() for future in futures]))
        yield
