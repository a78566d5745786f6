"""Runs as they are stored: their time range, their state and their result, in a member that no answer has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from reconciler.emulator.dataplane.runs.results import Result
from reconciler.emulator.dataplane.runs.schedules import moment
from reconciler.emulator.model import FLOWS, RUNS, Author, Place, Row
from reconciler.emulator.service import Service
from reconciler.emulator.shown_runs import OWN
from reconciler.sources.window import Mode, Window

Body = dict[str, Any]
ENGINE: Final = Author("flow-service", "flow-service")
"""The author of the runs of a schedule."""


def new_run(
    service: Service, place: Place, flow: Row, window: Window, *, start: float, due: float | None = None, author: Author = ENGINE
) -> Row:
    """Store a run that has not begun. `start` is when it will; `due` is its time in the schedule of its flow."""
    times = {"start": _epoch(window.start), "end": _epoch(window.end)}
    own = {
        "mode": window.mode.value,
        **times,
        "due": due,
        "at": start,
        "state": "queued",
        "started": None,
        "ended": None,
        "result": None,
    }
    body = {"flowId": flow.id, "flowSpec": body_of(flow)["flowSpec"], "activities": [], OWN: own}
    return service.store.insert(RUNS, place, body, author)


def again(service: Service, place: Place, run_id: str, start: float) -> Row | None:
    """Queue a run again, with the same time range."""
    changes = {"state": "queued", "at": start, "started": None, "ended": None, "result": None}
    return _changed(service, place, run_id, changes)


def begun(service: Service, place: Place, run_id: str) -> None:
    """Note that a run has begun."""
    _changed(service, place, run_id, {"state": "running", "started": service.store.now()})


def ended(service: Service, place: Place, run_id: str, result: Result) -> None:
    """Store how a run ended, and make it the last run of its flow."""
    row = service.store.find(RUNS, place, run_id)
    if row is None:
        return
    own = own_of(row)
    end = int(own["started"] + service.behaviour.run_duration * 1000)
    _changed(service, place, run_id, {"state": "ended", "ended": end, "result": result.as_json()})
    last = {"id": run_id, "state": result.outcome, "startedAtUTC": own["started"], "completedAtUTC": end}
    service.store.replace(FLOWS, place, body_of(row)["flowId"], lambda flow: {**body_of(flow), "lastRunDetails": last})


def own_of(run: Row) -> Body:
    """The state of a run; empty for one that was put there as history."""
    own: Body = body_of(run).get(OWN) or {}
    return own


def window_of(own: Mapping[str, Any]) -> Window:
    """The time range of a run."""
    start, end = (None if own[name] is None else moment(own[name]) for name in ("start", "end"))
    return Window(Mode(own["mode"]), start, end)


def runs_of(service: Service, place: Place, flow_id: str) -> list[Row]:
    """The runs of a flow, in the order of their creation."""
    return [row for row in service.store.rows(RUNS, place) if body_of(row).get("flowId") == flow_id]


def last_due(service: Service, place: Place, flow_id: str) -> float | None:
    """The time of the last run in the schedule of a flow; None if it has not run."""
    found = [own_of(row).get("due") for row in runs_of(service, place, flow_id)]
    return max((due for due in found if due is not None), default=None)


def body_of(row: Row) -> Body:
    """The JSON of a stored object."""
    return msgspec.json.decode(row.body, type=dict[str, Any])


def _changed(service: Service, place: Place, run_id: str, changes: Mapping[str, Any]) -> Row | None:
    def change(row: Row) -> Body:
        body = body_of(row)
        return {**body, OWN: {**body[OWN], **changes}, "updatedAt": service.store.now()}

    return service.store.replace(RUNS, place, run_id, change)


def _epoch(time: datetime | None) -> float | None:
    return None if time is None else time.timestamp()
