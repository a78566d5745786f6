"""Runs: read, started on demand for a time range, and started again.

Source: docs, "Create a flow run for on-demand ingestion" and "Flow Service error messages" (1380 to 1388, 1427); OpenAPI for the other
shape of the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from reconciler.emulator.dataplane.reading import NotReadable
from reconciler.emulator.dataplane.runs import recording, scheduling
from reconciler.emulator.dataplane.runs.performing import source_of
from reconciler.emulator.dataplane.runs.schedules import ONCE, moment
from reconciler.emulator.http.calls import Call, Handler, json_body, json_response, object_id, required_text, route
from reconciler.emulator.http.listing import list_objects
from reconciler.emulator.model import FLOWS, RUNS, SERVICE, Row
from reconciler.emulator.problems import bad_request, flow_service, not_permitted, object_not_found
from reconciler.emulator.service import Service
from reconciler.emulator.shown_runs import state_of
from reconciler.sources.source import URL_PARAMS
from reconciler.sources.window import Mode, Window

_TIMES: Final = ("startTime", "windowStartTime", "windowEndTime")
_MOST_DIGITS: Final = 20
_RETRIGGER: Final = "RE_TRIGGER"
_COPY: Final = "copy"


class RunEndpoints:
    """The endpoints of runs."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def routes(self) -> list[Route]:
        collection: dict[str, Handler] = {"GET": partial(list_objects, self._service, RUNS), "POST": self._create}
        return [
            route(f"/{RUNS}", {method: self._permitted(handler) for method, handler in collection.items()}),
            route(f"/{RUNS}/{{id}}", {"GET": self._permitted(self._read)}),
            route(f"/{RUNS}/{{id}}/action", {"POST": self._permitted(self._act)}),
        ]

    def _permitted(self, handler: Handler) -> Handler:
        """Wrap the handler with the permission to view runs (2118-403)."""

        def checked(call: Call) -> Response:
            if RUNS in self._service.behaviour.forbidden:
                raise not_permitted(RUNS, call.request_id)
            return handler(call)

        return checked

    def _read(self, call: Call) -> Response:
        return json_response(b'{"items":[%b]}' % self._service.answer(RUNS, self._run(call)))

    def _create(self, call: Call) -> Response:
        """Start a run of a flow with the frequency `once`, for a time range."""
        self._may_write(call)
        body = json_body(call, RUNS)
        flow_id = required_text(body, "flowId")
        row = self._service.find(FLOWS, call.caller.place, flow_id)
        if row is None:
            raise object_not_found(FLOWS, flow_id, call.request_id)
        flow = recording.body_of(row)
        params = body.get("params")
        given: Mapping[str, Any] = params if isinstance(params, dict) else {}
        self._check_flow(call, flow)
        times = self._times(call, given)
        self._check_delta(call, flow, given)
        window = Window(Mode.INCREMENTAL, times[1], times[2])
        run_id = scheduling.start(self._service, call.caller.place, flow_id, window, times[0].timestamp(), call.caller.author)
        return self._made(call, run_id, 201)

    def _act(self, call: Call) -> Response:
        """Start a failed run again."""
        self._may_write(call)
        if call.parameter("op") != _RETRIGGER:
            raise bad_request(f"The operation is not supported here; it must be {_RETRIGGER}")
        row = self._run(call)
        flow_id = str(recording.body_of(row)["flowId"])
        flow = self._service.find(FLOWS, call.caller.place, flow_id)
        if flow is None:
            raise object_not_found(FLOWS, flow_id, call.request_id)
        flow_state = recording.body_of(flow).get("state")
        if flow_state != "enabled":
            message = (
                f"The flow={flow_id} is in state={flow_state} and cannot be re-triggered."
                " The flow must be in the enabled state to be re-triggered."
            )
            raise self._invalid(call, "1388-400", message)
        own = recording.own_of(row)
        state = state_of(own, self._service.store.now() / 1000) if own else "success"
        if state != "failed":
            message = f"The flowRunId={row.id} is in an invalid state={state} and cannot be re-triggered. Please try again later."
            raise self._invalid(call, "1387-400", message)
        scheduling.retrigger(self._service, call.caller.place, row.id)
        return self._made(call, row.id, 200)

    def _made(self, call: Call, run_id: str, status: int) -> Response:
        row = self._service.store.find(RUNS, call.caller.place, run_id)
        made = {"id": run_id, "etag": row.etag if row is not None else ""} if self._service.behaviour.post_answer == "id" else {}
        shown = {"items": [made]} if self._service.behaviour.run_answer == "items" else made
        return json_response(shown, status, {"Location": f"{SERVICE}/{RUNS}/{run_id}"})

    def _run(self, call: Call) -> Row:
        wanted = object_id(call, RUNS)
        row = self._service.find(RUNS, call.caller.place, wanted)
        if row is None:
            raise object_not_found(RUNS, wanted, call.request_id)
        return row

    def _may_write(self, call: Call) -> None:
        if call.caller.author.client in self._service.behaviour.read_only_clients:
            message = (
                "The user token is unauthorized to create or update flow runs."
                " Please ensure that the user token is authorized and try again."
            )
            raise self._invalid(call, "1427-400", message)

    def _check_flow(self, call: Call, flow: Mapping[str, Any]) -> None:
        """The flow must be enabled, fetch records, and have the frequency `once`."""
        try:
            reading = source_of(self._service, call.caller.place, flow)
        except NotReadable as error:
            raise self._invalid(call, "1380-400", f"Failed to create flow run. Error message: {error}") from error
        if not reading.source.mapping(URL_PARAMS):
            kind = reading.source.body.get("name")
            message = (
                f"The provided connectorType={kind} is not supported for flow run creation. Please provide a valid connectorType."
            )
            raise self._invalid(call, "1385-400", message)
        schedule = flow.get("scheduleParams")
        frequency = schedule.get("frequency") if isinstance(schedule, dict) else None
        if str(frequency).lower() != ONCE:
            message = (
                f"The flowId={flow['id']} with scheduleParams frequency={frequency} is not supported for flow run creation."
                " Please provide a valid frequency and try again."
            )
            raise self._invalid(call, "1386-400", message)
        if flow.get("state") != "enabled":
            message = f"Failed to create flow run. Error message: the flow is in state={flow.get('state')}"
            raise self._invalid(call, "1380-400", message)

    def _times(self, call: Call, params: Mapping[str, Any]) -> tuple[datetime, datetime, datetime]:
        """The start of the run, and the start and the end of its time range."""
        unit = 1000 if self._service.behaviour.run_times == "milliseconds" else 1
        found = [_time(params.get(name), unit) for name in _TIMES]
        wrong = [name for name, time in zip(_TIMES, found, strict=True) if time is None]
        start, first, last = found
        if start is None or first is None or last is None:
            message = (
                f"The params={', '.join(wrong)} provided for flow run creation are either invalid or empty."
                " Please provide valid params and try again."
            )
            raise self._invalid(call, "1384-400", message)
        if last < first:
            message = (
                f"WindowEndTime={params['windowEndTime']} cannot be before Window StartTime={params['windowStartTime']}."
                " Please provide a valid end time and try again."
            )
            raise self._invalid(call, "1381-400", message)
        return start, first, last

    def _check_delta(self, call: Call, flow: Mapping[str, Any], params: Mapping[str, Any]) -> None:
        """A flow whose copy has a delta column is run with the same one."""
        copies = [
            one.get("params")
            for one in flow.get("transformations") or ()
            if isinstance(one, dict) and str(one.get("name")).lower() == _COPY
        ]
        wanted = next((one["deltaColumn"] for one in copies if isinstance(one, dict) and one.get("deltaColumn")), None)
        given = params.get("deltaColumn")
        if wanted is not None and given is None:
            message = (
                "The delta column is missing in the params received for flow run creation."
                " Please provide the delta column in the params and try again."
            )
            raise self._invalid(call, "1383-400", message)
        if given is not None and given != wanted:
            message = (
                "The delta column must match the value present in the Copy transformations of the flow."
                " Please provide a valid delta column and try again."
            )
            raise self._invalid(call, "1382-400", message)

    def _invalid(self, call: Call, code: str, message: str) -> Exception:
        return flow_service(code, message, request_id=call.request_id, kind=RUNS)


def _time(value: object, unit: int) -> datetime | None:
    """A time from a number in this unit (1: seconds, 1000: milliseconds), also one in a string, as in the tutorial.

    None for anything else, and for times after 9999.
    """
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:_MOST_DIGITS])
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    try:
        return moment(value / unit)
    except (ValueError, OverflowError, OSError):
        return None
