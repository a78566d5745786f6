"""The users of a spec, from the items of filtered lists.

The items are checked here again, so that a filter that the service ignores does not count everything. An item that does not say which spec
it uses counts as a user, because callers need certainty that there is none. Source of the fields: OpenAPI of Flow Service (`FlowItemDTO`,
`SourceConnectionMetaInfoDTO`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from reconciler.documents.json_text import Document, Json, NotJson, string_at, value_at
from reconciler.http.bodies import WrongShape, decode_as

_MAX_MILLISECONDS: Final = 2**53
_ENABLED: Final = "enabled"


@dataclass(frozen=True, slots=True)
class UsingFlow:
    """One flow that uses a spec.

    `is_enabled` is None if it has no state. `last_run_at` is the start of its last run, in milliseconds since the epoch.
    `source_connections` are those that it reads from, and `base_connections` those that they are based on; both are None if the flow does
    not list them.
    """

    id: str | None
    is_enabled: bool | None = None
    last_run_at: int | None = None
    source_connections: frozenset[str] | None = None
    base_connections: frozenset[str] | None = None


class Users(msgspec.Struct, frozen=True):
    """The known users of one spec: its flows, and, for a connection spec, its source connections if they were requested.

    `base_connections` are those of the source connections. `is_whole` is False if there may be more users; `asked_connections` is whether
    source connections were requested, in addition to those that flows name.
    """

    flows: tuple[UsingFlow, ...]
    is_whole: bool = True
    source_connections: frozenset[str] = frozenset()
    base_connections: frozenset[str] = frozenset()
    asked_connections: bool = False


@dataclass(frozen=True, slots=True)
class SpecUsage:
    """How many objects use what an action changes; None if unknown. Only a count of 0 means that there is no user.

    `source_connections` and `base_connections` are those that the flows read from, and None without flows; for a detached spec, all of its
    source connections and their base connections. `last_run_at` is the latest start of a run of these flows, in milliseconds since the
    epoch, or None if no run is known. `unknown` is why counts are missing or may be too low.
    """

    base_connections: int | None = None
    source_connections: int | None = None
    flows: int | None = None
    enabled_flows: int | None = None
    last_run_at: int | None = None
    unknown: str | None = None


def source_connection_uses(item: msgspec.Raw, connection_spec_id: str) -> bool:
    """Whether a source connection was created from this spec (its `connectionSpec.id`)."""
    return _spec_id(_object(item)) in {connection_spec_id, None}


def flow_uses(item: msgspec.Raw, connection_spec_id: str) -> bool:
    """Whether a flow reads from this spec (its `inheritedAttributes.sourceConnections[].connectionSpec.id`)."""
    used = {_spec_id(connection) for connection in _source_connections(_object(item))}
    return not used or connection_spec_id in used or None in used


def flow_is_of(item: msgspec.Raw, flow_spec_id: str) -> bool:
    """Whether a flow was created from this flow spec: its `flowSpec`, which published examples show as an id or as an object with one."""
    flow = _object(item)
    return (string_at(flow, "flowSpec", "id") or string_at(flow, "flowSpec") or None) in {flow_spec_id, None}


def using_flow(item: msgspec.Raw, connection_spec_id: str | None = None) -> UsingFlow:
    """The details of one flow. With a connection spec, only the connections created from that spec are included."""
    flow = _object(item)
    state, last_run = flow.get("state"), flow.get("lastRunDetails")
    connections = [
        connection
        for connection in _source_connections(flow)
        if connection_spec_id is None or _spec_id(connection) in {connection_spec_id, None}
    ]
    ids = [string_at(connection, "id") for connection in connections]
    return UsingFlow(
        id=string_at(flow, "id") or None,
        is_enabled=state.casefold() == _ENABLED if isinstance(state, str) else None,
        last_run_at=_began(last_run) if isinstance(last_run, dict) else None,
        source_connections=frozenset(filter(None, ids)) if ids and all(ids) else None,
        base_connections=frozenset(filter(None, (string_at(one, "baseConnection", "id") for one in connections)))
        if ids and all(ids)
        else None,
    )


def connections_of(items: list[msgspec.Raw]) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of these source connections and of their base connections (`baseConnectionId`)."""
    objects = [_object(item) for item in items]
    found = (frozenset(filter(None, (string_at(one, name) for one in objects))) for name in ("id", "baseConnectionId"))
    return next(found), next(found)


def _source_connections(flow: Document) -> list[Json]:
    connections = value_at(flow, "inheritedAttributes", "sourceConnections")
    return connections if isinstance(connections, list) else []


def _began(run: Mapping[str, Any]) -> int | None:
    """The start of a run, or else its end; None if neither is a time."""
    return next((found for name in ("startedAtUTC", "completedAtUTC") if (found := _milliseconds(run.get(name)))), None)


def _milliseconds(value: Json) -> int | None:
    is_time = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MAX_MILLISECONDS
    return value if is_time else None


def _object(item: msgspec.Raw) -> Document:
    try:
        return decode_as(item, dict[str, Any])
    except (NotJson, WrongShape):
        return {}


def _spec_id(connection: Json) -> str | None:
    return string_at(connection, "connectionSpec", "id") or None
