"""Dataflows of other users, created directly in the store: a base connection, source and target connections, a flow and its runs.

Source: OpenAPI (`FlowItemDTO` with `state` and `lastRunDetails`, `SourceConnectionMetaInfoDTO`, `FlowRunsListResponse`). Times are epoch
milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from reconciler.emulator.model import (
    CONNECTION_SPECS,
    CONNECTIONS,
    FLOW_SPECS,
    FLOWS,
    RUNS,
    SOURCE_CONNECTIONS,
    TARGET_CONNECTIONS,
    Author,
    Place,
    Row,
)
from reconciler.emulator.store import Store
from reconciler.errors import UsageError

DATA_LAKE = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
"""The connection spec of the data lake as a target."""
REST_STORAGE = "6499120c-0b15-42dc-936e-847ea3c24d72"
"""The flow spec `RestStorageToAEP`."""

Body = dict[str, Any]
Milliseconds = Annotated[int, Meta(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataflow:
    """A dataflow to create from one connection spec.

    Without `base` there is no base connection, as for a streaming source; without `flow` only connections are created. `runs` are the start
    times of runs of the flow.
    """

    connection_spec: str
    flow_spec: str = REST_STORAGE
    name: str = "a dataflow"
    base: bool = True
    flow: bool = True
    state: Literal["enabled", "disabled", "draft"] = "enabled"
    runs: tuple[Milliseconds, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeDataflow:
    """The ids of the created objects; None for omitted ones."""

    source_connection: str
    base_connection: str | None = None
    target_connection: str | None = None
    flow: str | None = None
    runs: tuple[str, ...] = ()


def put_dataflow(store: Store, place: Place, wish: Dataflow, author: Author) -> MadeDataflow:
    """Create all objects, in the order that the service requires. Raises `UsageError` for an unknown spec."""
    spec = _reference(store, place, CONNECTION_SPECS, wish.connection_spec)
    base_id, sent = None, _connection(wish.name, spec)
    if wish.base:
        base_id = store.insert(CONNECTIONS, place, sent, author).id
        sent |= {"baseConnectionId": base_id, "inheritedAttributes": {"baseConnection": {"id": base_id, "connectionSpec": spec}}}
    source = store.insert(SOURCE_CONNECTIONS, place, sent, author)
    if not wish.flow:
        return MadeDataflow(source.id, base_id)
    lake = _reference(store, place, CONNECTION_SPECS, DATA_LAKE)
    target = store.insert(TARGET_CONNECTIONS, place, _connection(wish.name, lake), author)
    flow_spec = _reference(store, place, FLOW_SPECS, wish.flow_spec)
    shown = {"sourceConnections": [inherited(_decoded(source))], "targetConnections": [inherited(_decoded(target))]}
    body = {
        "name": wish.name,
        "flowSpec": flow_spec,
        "sourceConnectionIds": [source.id],
        "targetConnectionIds": [target.id],
        "state": wish.state,
        "inheritedAttributes": shown,
    }
    flow = store.insert(FLOWS, place, body, author)
    runs = tuple(put_run(store, place, flow.id, started, author) for started in wish.runs)
    return MadeDataflow(source.id, base_id, target.id, flow.id, runs)


def put_run(store: Store, place: Place, flow_id: str, started: int, author: Author, status: str = "success") -> str:
    """Add a run of a flow that started and ended at this time. It becomes the flow's `lastRunDetails` unless that has a later run.

    Raises `UsageError` for an unknown flow.
    """
    flow = store.find(FLOWS, place, flow_id)
    if flow is None:
        raise UsageError(f"the flow {flow_id} is not in {place.org} {place.sandbox}")
    moments = {"startedAtUTC": started, "completedAtUTC": started}
    metrics = {"durationSummary": moments, "statusSummary": {"status": status}}
    body = {"flowId": flow_id, "flowSpec": _decoded(flow)["flowSpec"], "metrics": metrics, "activities": []}
    run = store.insert(RUNS, place, body, author)
    store.replace(FLOWS, place, flow_id, lambda row: _with_run(_decoded(row), {"id": run.id, "state": status, **moments}))
    return run.id


def inherited(connection: Body) -> Body:
    """The attributes of a connection that a flow includes: id, spec and, if there is one, the base connection."""
    shown = {"id": connection["id"], "connectionSpec": connection["connectionSpec"]}
    return {**shown, **connection.get("inheritedAttributes", {})}


def _with_run(flow: Body, run: Mapping[str, Any]) -> Body:
    last = flow.get("lastRunDetails")
    return flow if last and last["startedAtUTC"] > run["startedAtUTC"] else {**flow, "lastRunDetails": run}


def _connection(name: str, spec: Body) -> Body:
    return {"name": name, "connectionSpec": spec, "state": "enabled"}


def _reference(store: Store, place: Place, kind: str, spec_id: str) -> Body:
    row = store.find(kind, place, spec_id)
    if row is None:
        raise UsageError(f"no {kind} with the id {spec_id} in {place.org} {place.sandbox}")
    return {"id": row.id, "version": _decoded(row).get("version", "1.0")}


def _decoded(row: Row) -> Body:
    return msgspec.json.decode(row.body, type=dict[str, Any])
