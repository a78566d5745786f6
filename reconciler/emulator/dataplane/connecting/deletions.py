"""What cannot be deleted yet, and what cannot be changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.emulator.dataplane.connecting.asking import Asking, Body, decoded, mapping
from reconciler.emulator.dataplane.connecting.specs import DRAFT
from reconciler.emulator.model import CONNECTIONS, FLOWS, SOURCE_CONNECTIONS, TARGET_CONNECTIONS, Row

INITIALIZING: Final = "initializing"
_ENDS: Final = {SOURCE_CONNECTIONS: "sourceConnectionIds", TARGET_CONNECTIONS: "targetConnectionIds"}


def check_deletion(asking: Asking, row: Row) -> None:
    """Refuse to delete an object that flows use (1418, 1447), or in a state in which it cannot be deleted (1416, 1417)."""
    check_state(asking, decoded(row.body))
    if decoded(row.body).get("state") == DRAFT and asking.service.behaviour.draft_deletion == "refuse":
        raise asking.declined("1416-400")
    if asking.kind == CONNECTIONS and any(_is_base(flow, row.id) for flow in _flows(asking)):
        raise asking.declined("1418-400", value=row.id)
    end = _ENDS.get(asking.kind)
    if end is not None and any(row.id in (flow.get(end) or []) for flow in _flows(asking)):
        raise asking.declined("1447-400", value=row.id)


def check_state(asking: Asking, body: Body) -> None:
    """Refuse to change or delete a connection that is not ready yet (1417-400)."""
    if asking.kind != FLOWS and body.get("state") == INITIALIZING:
        raise asking.declined("1417-400")


def _flows(asking: Asking) -> Iterator[Body]:
    return (decoded(row.body) for row in asking.service.holding(FLOWS, asking.place))


def _is_base(flow: Body, connection_id: str) -> bool:
    sources = mapping(flow, "inheritedAttributes").get("sourceConnections")
    return any(mapping(source, "baseConnection").get("id") == connection_id for source in sources or [])
