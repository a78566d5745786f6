"""Time that passes only when something takes time, and what happens meanwhile: also several threads, of which one at a time runs.

A thread gives its turn away only where it waits (for an answer, or for time to pass), and whoever is due next gets it. So the same seed
gives the same order of everything, with any number of threads.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Actor:
    """One thread that takes turns."""

    def __init__(self) -> None:
        self.turn = threading.Semaphore(0)


class VirtualClock:
    """Seconds since the epoch. Whatever is due while somebody waits, happens at its own moment."""

    def __init__(self) -> None:
        self.time = 1_700_000_000.0
        self.longest_sleep = 0.0
        self._due: list[tuple[float, int, Callable[[], None] | Actor]] = []
        self._order = itertools.count()
        self._acting: Actor | None = None

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
        if self._acting is not None:
            self._push(until, self._acting)
            self._hand_over(self._acting)
            return
        while self._due and self._due[0][0] <= until:
            due, _, run = heapq.heappop(self._due)
            assert not isinstance(run, Actor)
            self.time = max(self.time, due)
            run()
        self.time = max(self.time, until)

    def after(self, seconds: float, run: Callable[[], None]) -> None:
        """Have something happen that many seconds from now."""
        self._push(self.time + seconds, run)

    def clear(self) -> None:
        """Nothing more happens by itself."""
        self._due.clear()

    def together(self, jobs: Sequence[Callable[[], T]]) -> list[T]:
        """Do these at the same time, each in a thread of its own; what they give, in their order.

        When all have ended, the first error in that order is raised.
        """
        parent, is_first = self._acting or Actor(), self._acting is None
        results: dict[int, T] = {}
        errors: dict[int, BaseException] = {}

        def act(number: int, actor: Actor) -> None:
            actor.turn.acquire()
            try:
                results[number] = jobs[number]()
            except BaseException as error:  # noqa: BLE001 - it is raised where everybody has ended
                errors[number] = error
            if len(results) + len(errors) == len(jobs):
                self._push(self.time, parent)
            self._hand_over(None)

        actors = [Actor() for _ in jobs]
        threads = [threading.Thread(target=act, args=pair, daemon=True) for pair in enumerate(actors)]
        for actor, thread in zip(actors, threads, strict=True):
            self._push(self.time, actor)
            thread.start()
        self._hand_over(parent)
        if is_first:
            self._acting = None
        for thread in threads:
            thread.join()
        if errors:
            raise errors[min(errors)]
        return [results[number] for number in range(len(jobs))]

    @contextmanager
    def taking_turns(self) -> Iterator[None]:
        """Have the current thread take turns, so that it can begin others, which must have ended at the end of the context."""
        alone = self._acting is None
        if alone:
            self._acting = Actor()
        try:
            yield
        finally:
            if alone:
                self._acting = None

    def begin(self, job: Callable[[], None]) -> None:
        """Begin a thread that takes turns with the one that begins it, which must take turns itself and wait for its end."""
        actor = Actor()

        def act() -> None:
            actor.turn.acquire()
            try:
                job()
            finally:
                self._hand_over(None)

        self._push(self.time, actor)
        threading.Thread(target=act, daemon=True).start()

    def _push(self, due: float, what: Callable[[], None] | Actor) -> None:
        heapq.heappush(self._due, (due, next(self._order), what))

    def _hand_over(self, me: Actor | None) -> None:
        """Give the turn to whoever is due next, and come back with it; at once where that is nobody else (None: never)."""
        while True:
            due, _, what = heapq.heappop(self._due)
            self.time = max(self.time, due)
            if not isinstance(what, Actor):
                what()
                continue
            self._acting = what
            if what is not me:
                what.turn.release()
                if me is not None:
                    me.turn.acquire()
            return
