"""Objects that were deleted a short time ago: some readers still see them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from reconciler.emulator.model import Place, Row


@dataclass(frozen=True, slots=True)
class Departure:
    """A deleted object. Times are epoch seconds: until `shown` it is still returned, until `holds` it still keeps others in use."""

    kind: str
    place: Place
    row: Row
    shown: float
    holds: float


@dataclass(slots=True)
class Departed:
    """The deletions of this process that someone may not see yet."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _all: list[Departure] = field(default_factory=list)

    def add(self, departure: Departure, now: float) -> None:
        """Remember a deletion, and forget those that everybody sees."""
        with self._lock:
            self._all = [one for one in self._all if max(one.shown, one.holds) > now]
            self._all.append(departure)

    def shown(self, kind: str, place: Place, now: float) -> list[Row]:
        """The deleted objects that are still returned."""
        with self._lock:
            return [one.row for one in self._all if (one.kind, one.place) == (kind, place) and one.shown > now]

    def holding(self, kind: str, place: Place, now: float) -> list[Row]:
        """The deleted objects that still keep others in use."""
        with self._lock:
            return [one.row for one in self._all if (one.kind, one.place) == (kind, place) and one.holds > now]
