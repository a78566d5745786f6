"""Which state of an object a read returns: the current or an earlier one, depending on the switches."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field

from reconciler.emulator.model import Place, Row
from reconciler.emulator.store import Store
from reconciler.emulator.switches.behaviour import Behaviour


@dataclass(slots=True)
class Readings:
    """Counts the reads of each spec since its last write, and the turns of replicas."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _since_write: dict[str, int] = field(default_factory=dict)
    _turns: Counter[str] = field(default_factory=Counter)

    def written(self, object_id: str) -> None:
        """Restart the read count of this object."""
        with self._lock:
            self._since_write[object_id] = 0

    def turn(self, name: str) -> int:
        """The number of earlier turns of this name; each call takes one."""
        with self._lock:
            self._turns[name] += 1
            return self._turns[name] - 1

    def shifts(self, kind: str, times: int, *, first: bool) -> bool:
        """Whether this page of the list is shifted. The first `times` lists are shifted after their first page."""
        name = f"shift {kind}"
        if first:
            self.turn(name)
            return False
        with self._lock:
            return 0 < self._turns[name] <= times

    def by_id(self, store: Store, behaviour: Behaviour, kind: str, place: Place, object_id: str) -> Row | None:
        """A spec as a GET by id returns it; None if it does not exist yet or at all."""
        row = store.find(kind, place, object_id)
        if row is None:
            return None
        if self._reads(object_id) < behaviour.stale_gets:
            return store.before_last_write(row)
        lag = behaviour.get_lag
        if behaviour.get_replicas:
            lag = behaviour.get_replicas[self.turn("get") % len(behaviour.get_replicas)]
        return store.as_of(row, store.clock() - lag) if lag else row

    def listed(self, store: Store, behaviour: Behaviour, kind: str, place: Place, *, filtered: bool) -> list[Row]:
        """The specs of one kind as a list returns them, in creation order."""
        lag, bodies_lag = behaviour.list_lag, behaviour.list_bodies_lag
        if filtered and behaviour.filtered_list_lag is not None:
            lag = behaviour.filtered_list_lag
        if behaviour.list_replicas:
            lag = bodies_lag = behaviour.list_replicas[self.turn("list") % len(behaviour.list_replicas)]
        now = store.clock()
        rows = store.rows(kind, place, born_until=now - lag if lag else None)
        if not bodies_lag:
            return rows
        return [store.as_of(row, now - bodies_lag) or store.first(row) for row in rows]

    def _reads(self, object_id: str) -> float:
        """Reads since the last write, without this one; infinite if no write was seen."""
        with self._lock:
            if object_id not in self._since_write:
                return float("inf")
            self._since_write[object_id] += 1
            return self._since_write[object_id] - 1
