"""The objects of a list of a platform service, under the same switches as other lists."""

from __future__ import annotations

from reconciler.emulator.model import Place, Row
from reconciler.emulator.service import Service


def listed(service: Service, kind: str, place: Place) -> list[Row]:
    """The objects in creation order, without those that are hidden, unlisted, or younger than `list_lag`."""
    behaviour = service.behaviour
    rows = service.store.rows(kind, place, born_until=service.store.clock() - behaviour.list_lag if behaviour.list_lag else None)
    left_out = {*behaviour.hidden, *behaviour.unlisted}
    return [row for row in rows if row.id not in left_out]
