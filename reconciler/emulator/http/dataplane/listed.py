"""The objects of a list of a platform service, under the same switches as other lists."""

from __future__ import annotations

from reconciler.emulator.model import Place, Row
from reconciler.emulator.service import Service


def listed(service: Service, kind: str, place: Place) -> list[Row]:
    """The objects in creation order, without those that are hidden, unlisted, or younger than `list_lag` (seconds)."""
    rows, lag = service.rows(kind, place), service.behaviour.list_lag
    return [row for row in rows if row.born <= service.clock() - lag] if lag else rows
