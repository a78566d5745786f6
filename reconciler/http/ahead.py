"""Answers that are read before they are needed, while this process does something else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Ahead(Generic[K, V]):
    """What was begun, by name, until it is taken. Thread-safe.

    The threads are daemons: a command that ends early does not wait for what it has begun, and nobody learns what becomes of it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun: dict[K, Future[V]] = {}

    def begin(self, read: Callable[[K], V], names: Iterable[K], concurrency: int) -> None:
        """Begin to read each of these that has not begun: one after the other if `concurrency` is 1."""
        with self._lock:
            begun = {name: Future[V]() for name in names if name not in self._begun}
            for futures in [begun] if concurrency <= 1 else [{name: future} for name, future in begun.items()]:
                threading.Thread(target=_read, args=(read, futures), daemon=True, name="ahead").start()
                self._begun.update(futures)

    def take(self, name: K) -> V | None:
        """What was read, once it has come; None if it was not begun since it was last taken. Raises what reading it raised."""
        with self._lock:
            begun = self._begun.pop(name, None)
        return None if begun is None else begun.result()


def _read(read: Callable[[K], V], futures: Mapping[K, Future[V]]) -> None:
    for name, future in futures.items():
        try:
            future.set_result(read(name))
        except BaseException as error:  # noqa: BLE001 - raised in the thread that takes it
            future.set_exception(error)
