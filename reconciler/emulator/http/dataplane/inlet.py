"""The streaming inlet: one event, or a list of them.

Source: OpenAPI of Streaming Ingestion (`inletId`, `xactionId`, 207 for a list, `syncValidation`). A 200 says that an event was received,
and not that it will be in the dataset.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from reconciler.documents.json_text import Document, Json, NotJson, decode
from reconciler.emulator.dataplane.inlets.admitting import admission
from reconciler.emulator.dataplane.inlets.receiving import NotReceived, Stream, problems_of, receive, stream_of
from reconciler.emulator.dataplane.inlets.watching import MAX_BYTES, OPEN_INLET
from reconciler.emulator.http.calls import Call, json_response, route
from reconciler.emulator.model import INLETS
from reconciler.emulator.problems import DeclinedError
from reconciler.emulator.service import Judged, Service

FLOW_HEADER: Final = "x-adobe-flow-id"
_PROBLEM: Final = "http://ns.adobe.com/adobecloud/problem/data-collection-service"


def inlet_routes(service: Service) -> list[Route]:
    """The endpoints of all inlets. They are not behind the gateway."""
    return [
        route(f"{INLETS}/batch/{{id}}", {"POST": partial(_batch, service)}),
        route(f"{INLETS}/{{id}}", {"POST": partial(_single, service)}),
    ]


def _single(service: Service, call: Call) -> Response:
    if (judged := _judged(service, call, is_batch=False)) is not None:
        return json_response({**_head(service, call), "xactionId": _transaction(service)}, judged.status)
    event, stream = _opened(service, call)
    answer: Document = {**_head(service, call), "xactionId": _transaction(service)}
    if call.parameter("syncValidation") == "true":
        _validate(service, call, stream, event)
        answer["syncValidation"] = {"status": "pass"}
    _receive(service, call, stream, [event])
    return json_response(answer)


def _batch(service: Service, call: Call) -> Response:
    if (judged := _judged(service, call, is_batch=True)) is not None:
        answers = [{"xactionId": _transaction(service)} for _ in range(judged.events)]
        return json_response({**_head(service, call), "batchId": _transaction(service), "responses": answers}, judged.status)
    body, stream = _opened(service, call)
    messages = body.get("messages") if isinstance(body, dict) else None
    if not isinstance(messages, list) or not messages:
        raise _declined(400, "Invalid Batch Message Format", "The field messages is required and must be a list of events", call)
    good = [one for one in messages if isinstance(one, dict)]
    _receive(service, call, stream, good)
    answers = [{"xactionId": _transaction(service)} if isinstance(one, dict) else _refused() for one in messages]
    return json_response({**_head(service, call), "batchId": _transaction(service), "responses": answers}, 207)


def _judged(service: Service, call: Call, *, is_batch: bool) -> Judged | None:
    """What a request to the inlet of no flow is worth; None for another inlet. Raises `DeclinedError` if it is declined."""
    if service.watch is None or call.path["id"] != OPEN_INLET:
        return None
    judged = service.watch(call.headers, call.body, is_batch=is_batch)
    if judged.status < HTTPStatus.BAD_REQUEST:
        return judged
    area = "-authorization" if judged.status == HTTPStatus.UNAUTHORIZED else "/inlet"
    raise _declined(judged.status, HTTPStatus(judged.status).phrase, judged.why, call, area)


def _opened(service: Service, call: Call) -> tuple[Json, Stream]:
    """The body and the flow of a request. Raises `DeclinedError`: size, authentication, JSON, flow, in this order."""
    if len(call.body) > MAX_BYTES:
        raise _declined(413, "Request Entity Too Large", f"The request is larger than {MAX_BYTES} bytes", call)
    admitted = admission(service, call.headers, call.body)
    if not admitted.admitted:
        raise _declined(401, "Authorization", admitted.why, call, "-authorization")
    if service.behaviour.inlet_needs_sandbox and not call.headers.get("x-sandbox-name", "").strip():
        raise _declined(400, "Invalid Request", "The header x-sandbox-name is required", call)
    try:
        body = decode(call.body)
    except NotJson as error:
        raise _declined(400, "Invalid JSON", f"The message is not valid JSON: {error}", call) from error
    try:
        return body, stream_of(service, call.path["id"], call.headers.get(FLOW_HEADER) or call.parameter(FLOW_HEADER))
    except NotReceived as error:
        raise _declined(400, "Invalid Request", str(error), call) from error


def _validate(service: Service, call: Call, stream: Stream, event: Json) -> None:
    problems = problems_of(service, stream, event)
    if problems:
        report = [{"keyword": code, "message": message} for code, message in problems]
        raise _declined(
            400, "Invalid XDM Message Format", "The message does not fit the schema", call, _streamingValidation=report
        )


def _receive(service: Service, call: Call, stream: Stream, events: list[Json]) -> None:
    try:
        receive(service, stream, events)
    except NotReceived as error:
        raise _declined(400, "Invalid Request", str(error), call) from error


def _head(service: Service, call: Call) -> Document:
    return {"inletId": call.path["id"], "receivedTimeMs": service.store.now()}


def _transaction(service: Service) -> str:
    return f"{service.store.now()}:{service.store.new_id().hex[-8:]}"


def _refused() -> Document:
    return {"status": 400, "message": "The event is not a JSON object"}


def _declined(status: int, title: str, message: str, call: Call, area: str = "/inlet", **more: Any) -> DeclinedError:
    report = {"message": f"[{call.path['id'][:80]}] {message}", **more}
    return DeclinedError(status, {"type": f"{_PROBLEM}{area}", "status": status, "title": title, "report": report})
