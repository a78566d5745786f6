"""A stop that ends what only reads, and nothing that writes."""

from __future__ import annotations

from reconciler.applying.stopping import Stop


class StopUntilWriting:
    """A stop that is ignored once writing has begun."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._begun = False

    def begin(self) -> None:
        self._begun = True

    def is_set(self) -> bool:
        return self._stop.is_set() and not self._begun
