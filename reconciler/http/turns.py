"""Turns: threads that would only slow each other down do something one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """One turn at a time, of any number of threads. No thread waits longer than `patience` seconds, whatever another one does."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lock = threading.Lock()

    @property
    def is_taken(self) -> bool:
        """Whether it is some thread's turn."""
        return self._lock.locked()

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn, or none if the one before takes too long: then both go on beside each other."""
        is_mine = self._lock.acquire(timeout=self._patience)
        try:
            yield
        finally:
            if is_mine:
                self._lock.release()
