"""Actions side by side: at most `concurrency` of them work at a time, and one that only waits makes room for the next.

A read-back may have to wait for seconds. The service is idle meanwhile, so others are written; no more requests run at once for that.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from reconciler.http.clock import Clock

T = TypeVar("T")

MOST_WAITING: Final = 64
"""How many actions may wait beside those that work: each keeps its bodies in memory, and is unfinished if the run is killed."""


class Workers:
    """Runs one function for many items, in order of their beginning. `clock` is the clock that the function must use to wait.

    With a `concurrency` of 1, one item is done after the other.
    """

    def __init__(self, concurrency: int, clock: Clock, most_waiting: int = MOST_WAITING) -> None:
        self._concurrency = concurrency
        self._most_waiting = most_waiting
        self._rooms = _Rooms()
        self.clock: Clock = _RoomyClock(clock, self._rooms)

    def run(self, function: Callable[[T], object], items: Sequence[T]) -> None:
        """Call the function for each item. The first exception is raised once all that have begun are done; no more are begun then."""
        if self._concurrency <= 1 or len(items) <= 1:
            for item in items:
                function(item)
            return
        threads = self._concurrency + self._most_waiting
        with ThreadPoolExecutor(max_workers=min(threads, len(items)), thread_name_prefix="worker") as pool:
            turn = _Turn(function, iter(items), pool, threads, threading.Semaphore(self._concurrency), self._rooms)
            try:
                for _ in range(min(self._concurrency, len(items))):
                    turn.join_in()
                for worker in turn.workers:  # it grows: who waits adds one
                    wait((worker,))
            finally:
                turn.end()
        for worker in turn.workers:
            worker.result()


class _Rooms(threading.local):
    """The turn that the current thread works in; None outside of one."""

    turn: _Turn[Any] | None = None


@dataclass(slots=True)
class _Turn(Generic[T]):
    """One call of `run`. Whoever holds a `room` works; `lock` guards `left`, `workers` and `is_over`."""

    function: Callable[[T], object]
    left: Iterator[T]
    pool: ThreadPoolExecutor
    most_workers: int
    room: threading.Semaphore
    rooms: _Rooms
    workers: list[Future[None]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_over: bool = False

    def join_in(self) -> None:
        """Start another worker, if there may be one and items are left. If the system has no thread for it, those that run do all."""
        with self.lock:
            if self.is_over or len(self.workers) >= self.most_workers:
                return
            try:
                self.workers.append(self.pool.submit(self._work))
            except RuntimeError:  # an action that waits has sent its write, and must report it
                if not self.workers:
                    raise

    @contextmanager
    def making_room(self) -> Iterator[None]:
        """Let another worker work for as long as the context is open."""
        self.room.release()
        self.join_in()
        try:
            yield
        finally:
            self.room.acquire()

    def end(self) -> None:
        """Begin no more."""
        with self.lock:
            self.is_over = True

    def _work(self) -> None:
        with self.room:
            self.rooms.turn = self
            try:
                while item := self._next():
                    self.function(item[0])
            except BaseException:
                self.end()
                raise
            finally:
                self.rooms.turn = None

    def _next(self) -> tuple[T] | None:
        """The next item, if there is one. Items are taken by those that have room, so that they begin in order."""
        with self.lock:
            if not self.is_over:
                for item in self.left:
                    return (item,)
            self.is_over = True
            return None


@dataclass(frozen=True, slots=True)
class _RoomyClock:
    """A clock that makes room for others while it sleeps."""

    clock: Clock
    rooms: _Rooms

    def now(self) -> float:
        return self.clock.now()

    def monotonic(self) -> float:
        return self.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        turn = self.rooms.turn
        if turn is None:
            self.clock.sleep(seconds)
            return
        with turn.making_room():
            self.clock.sleep(seconds)
