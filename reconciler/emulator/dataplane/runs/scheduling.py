"""Starts the runs of flows when they are due, and those that were asked for.

Schedules are kept with the flows and runs that they come from, so an emulator on a file goes on where the last one ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reconciler.emulator.dataplane.runs import recording
from reconciler.emulator.dataplane.runs.performing import performed
from reconciler.emulator.dataplane.runs.results import COPY, Failure, Result
from reconciler.emulator.dataplane.runs.schedules import schedule_of
from reconciler.emulator.model import FLOWS, RUNS, Author, Place
from reconciler.emulator.service import Service
from reconciler.sources.window import Window

_ENABLED: Final = "enabled"


def resume(service: Service) -> None:
    """Schedule the runs of all flows in the store, and those that were queued or interrupted."""
    for place, row in service.store.everywhere(RUNS):
        own = recording.own_of(row)
        if own.get("state") in ("queued", "running"):
            _start_at(service, place, row.id, own["at"])
    for place, row in service.store.everywhere(FLOWS):
        consider(service, place, row.id)


def consider(service: Service, place: Place, flow_id: str) -> None:
    """Schedule the next run of a flow that was created or enabled. It does not matter how often this is called."""
    flow = _enabled(service, place, flow_id)
    schedule = schedule_of(flow) if flow is not None else None
    if schedule is None:
        return
    last = recording.last_due(service, place, flow_id)
    due = schedule.next_after(last, service.timeline.latest() + service.behaviour.clock_skew)
    if due is not None:
        service.timeline.at(due - service.behaviour.clock_skew, lambda: _run_due(service, place, flow_id, due))


def start(service: Service, place: Place, flow_id: str, window: Window, at: float, author: Author) -> str:
    """Queue a run of a flow for a time range, to begin at `at` (epoch seconds, the past is now); returns its id."""
    flow = service.store.find(FLOWS, place, flow_id)
    if flow is None:
        raise KeyError(flow_id)
    row = recording.new_run(service, place, flow, window, start=at, author=author)
    _start_at(service, place, row.id, at)
    return row.id


def retrigger(service: Service, place: Place, run_id: str) -> None:
    """Queue a run again."""
    now = service.wall_clock()
    recording.again(service, place, run_id, now)
    _start_at(service, place, run_id, now)


def _start_at(service: Service, place: Place, run_id: str, at: float) -> None:
    """Begin a run at this time of the service's clock."""
    service.timeline.at(at - service.behaviour.clock_skew, lambda: _run(service, place, run_id))


def _run_due(service: Service, place: Place, flow_id: str, due: float) -> None:
    """The run of a schedule, and then the next one; nothing if the flow is gone, or another has done it."""
    flow = service.store.find(FLOWS, place, flow_id)
    body = _enabled(service, place, flow_id)
    schedule = schedule_of(body) if body is not None else None
    last = recording.last_due(service, place, flow_id)
    if flow is None or schedule is None or (last is not None and last >= due):
        return
    row = recording.new_run(service, place, flow, schedule.window(due, last), start=due, due=due)
    _run(service, place, row.id)
    consider(service, place, flow_id)


def _run(service: Service, place: Place, run_id: str) -> None:
    """Carry out a run that was queued or interrupted."""
    row = service.store.find(RUNS, place, run_id)
    own = recording.own_of(row) if row is not None else {}
    if row is None or own.get("state") not in ("queued", "running"):
        return
    flow_id = recording.body_of(row)["flowId"]
    flow = service.store.find(FLOWS, place, flow_id)
    recording.begun(service, place, run_id)
    if flow is None:
        result = Result(outcome="failed", failure=Failure(COPY, "the flow no longer exists"))
    else:
        result = performed(service, place, recording.body_of(flow), recording.window_of(own), recording.ENGINE)
    recording.ended(service, place, run_id, result)


def _enabled(service: Service, place: Place, flow_id: str) -> Mapping[str, Any] | None:
    """The body of a flow that is enabled; None for any other."""
    row = service.store.find(FLOWS, place, flow_id)
    body = recording.body_of(row) if row is not None else {}
    return body if body.get("state") == _ENABLED else None
