"""What a run over several targets gets in place of threads, queues and locks, so that its threads take turns in virtual time."""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any, Generic, TypeVar
from unittest import mock

from reconciler.http import pause
from reconciler.journal import folder
from reconciler.observing import prepare
from reconciler.sessions import fleet_applying, fleet_reading, gatekeeping, opening
from tests.simulation.clock import VirtualClock
from tests.simulation.stage import SteppedFuture, SteppedLock, SteppedSlots, stage

T = TypeVar("T")

_A_MOMENT = 0.1


class SteppedThread:
    """A thread that takes turns with the one that begins it."""

    def __init__(self, clock: VirtualClock, target: Callable[..., None], args: tuple[Any, ...]) -> None:
        self._clock, self._target, self._args = clock, target, args
        self._is_over = False

    def start(self) -> None:
        self._clock.begin(self._run)

    def _run(self) -> None:
        try:
            self._target(*self._args)
        finally:
            self._is_over = True

    def join(self) -> None:
        while not self._is_over:
            self._clock.advance(_A_MOMENT)


class SteppedQueue(Generic[T]):
    """A `SimpleQueue` that is waited for in virtual time."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._items: deque[T] = deque()

    def put(self, item: T) -> None:
        self._items.append(item)

    def get(self) -> T:
        while not self._items:
            self._clock.advance(_A_MOMENT)
        return self._items.popleft()


def _in_turns(clock: VirtualClock, make: Callable[..., T], *args: object) -> T:
    """A run whose queue is waited for in virtual time."""
    return make(*args, done=SteppedQueue[object](clock))


@contextmanager
def fleet_stage(clock: VirtualClock, rng: random.Random) -> Iterator[None]:
    """Let the targets of a run take turns on this clock. Jitter is drawn from the world's own numbers."""
    threads: Any = SimpleNamespace(
        Thread=lambda target, args=(), **_: SteppedThread(clock, target, args), Lock=threading.Lock, RLock=threading.RLock
    )
    slots: Any = SimpleNamespace(Lock=threading.Lock, BoundedSemaphore=lambda free: SteppedSlots(clock, free))
    queues: Any = SimpleNamespace(SimpleQueue=lambda: SteppedQueue(clock))
    time: Any = SimpleNamespace(time=clock.now)
    patches: tuple[tuple[Any, str, Any], ...] = (
        (fleet_reading, "threading", threads),
        (fleet_reading, "queue", queues),
        (fleet_applying, "threading", threads),
        (fleet_applying, "_Run", partial(_in_turns, clock, fleet_applying._Run)),  # noqa: SLF001 - its queue is made with it
        (gatekeeping, "threading", SimpleNamespace(Lock=lambda: SteppedLock(clock))),
        (gatekeeping, "Future", lambda: SteppedFuture(clock)),
        (pause, "threading", slots),
        (prepare, "time", time),
        (folder, "time", time),
        (opening, "random", SimpleNamespace(Random=lambda: rng)),
    )
    with ExitStack() as stack:
        stack.enter_context(stage(clock))
        for module, name, instead in patches:
            stack.enter_context(mock.patch.object(module, name, instead))
        yield
