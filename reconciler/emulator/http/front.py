"""The outermost layer: request ids, the request log, and faults."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any

import msgspec
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reconciler.emulator.addresses import ADDRESS
from reconciler.emulator.http.calls import JSON, REQUEST_ID
from reconciler.emulator.http.lines import LINE, NobodysLine, PlainLine, line_of
from reconciler.emulator.model import ADMIN, SERVICE, LoggedRequest
from reconciler.emulator.problems import coded, flow_service, gateway
from reconciler.emulator.service import Service
from reconciler.emulator.switches.faults import Fault

_PATIENCE = 2.0
"""Seconds that a request waits for a run of a flow that is due; a longer one goes on beside it."""

_SERVICE_WORDS = {
    500: ("1102-500", "An internal error has occurred."),
    503: ("1103-503", "The service is temporarily unavailable."),
    504: ("1104-504", "A gateway timeout has occurred."),
}
_GATEWAY_WORDS = {429: "Too many requests"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete response."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Front:
    """Assigns request ids, applies faults, and logs each request once it was answered or interrupted.

    Administration requests are not logged, and faults do not apply to them.
    """

    def __init__(self, service: Service, app: ASGIApp) -> None:
        self._service = service
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            ADDRESS.set(_address(scope))
        await self._wait_and_catch_up(scope)
        if scope["type"] != "http" or scope["path"].startswith(ADMIN):
            scope.setdefault("state", {})["request_id"] = str(uuid.uuid4())
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = headers.get(REQUEST_ID) or str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        line = line_of(scope)
        fault = self._service.faults.take(scope["method"], scope["path"])
        try:
            answer = await self._carry_out(scope, receive, line, fault)
            entry = LoggedRequest(
                method=scope["method"],
                path=scope["path"],
                query=scope.get("query_string", b"").decode("latin-1"),
                status=answer.status if answer else None,
                request_id=request_id,
                client=headers.get("x-api-key", ""),
                at=self._service.clock(),
            )
            self._service.store.log(entry)
        except sqlite3.Error as error:
            answer = _not_stored(error)
        if answer is None:
            await line.break_off()
            return
        date = formatdate(self._service.clock() + self._service.behaviour.clock_skew, usegmt=True)
        await _send(answer, request_id, date, send)

    async def _wait_and_catch_up(self, scope: Scope) -> None:
        """Apply `seconds_per_call`, then run the actions that are due."""
        seconds = self._service.behaviour.seconds_per_call
        if seconds and scope["type"] == "http" and scope["path"].startswith(SERVICE):
            await line_of(scope).pause(self._service.sleep, seconds)
        await self._catch_up(line_of(scope))

    async def _catch_up(self, line: PlainLine) -> None:
        await self._service.timeline.catch_up(lambda job: line.work(job, _PATIENCE))

    async def _carry_out(self, scope: Scope, receive: Receive, line: PlainLine, fault: Fault | None) -> Answer | None:
        """The response, or None if the connection is to be interrupted."""
        if fault is None:
            return await self._inner(scope, receive)
        if fault.wait is not None:
            await line.pause(self._service.sleep, fault.wait)
            await self._catch_up(line)
        if fault.lands_after is not None:
            await self._have_it_land(scope, receive, fault.lands_after)
            return None if fault.break_off else _made_up(fault, scope["state"]["request_id"])
        if fault.break_off == "before":
            return None
        if fault.answers and not fault.committed:
            return _made_up(fault, scope["state"]["request_id"])
        answer = await self._inner(scope, receive)
        if fault.break_off == "after":
            return None
        if fault.committed:
            return _made_up(fault, scope["state"]["request_id"])
        return replace(answer, body=answer.body[: len(answer.body) // 2]) if fault.truncate else answer

    async def _have_it_land(self, scope: Scope, receive: Receive, seconds: float) -> None:
        """Carry out the request after a delay, without a client."""
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        later = {**scope, "state": dict(scope["state"]), "extensions": {LINE: NobodysLine(line_of(scope))}}

        async def receive_again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        self._service.timeline.after(seconds, lambda: self._inner(later, receive_again))

    async def _inner(self, scope: Scope, receive: Receive) -> Answer:
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, collect)
        start, *rest = messages
        return Answer(start["status"], list(start["headers"]), b"".join(message.get("body", b"") for message in rest))


def _address(scope: Scope) -> str:
    """The scheme, host and port at which the client reached the emulator."""
    host, port = scope.get("server") or ("localhost", None)
    return f"{scope.get('scheme', 'http')}://{host}{'' if port is None else f':{port}'}"


async def _send(answer: Answer, request_id: str, date: str, send: Send) -> None:
    length = (b"content-length", str(len(answer.body)).encode())
    headers = [pair for pair in answer.headers if pair[0].lower() != b"content-length"]
    headers += [length, (REQUEST_ID.encode(), request_id.encode("latin-1")), (b"date", date.encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _made_up(fault: Fault, request_id: str) -> Answer:
    status = fault.status or 200
    is_json = fault.body is None or fault.body.lstrip().startswith(("{", "["))
    headers = [(b"content-type", JSON.encode() if is_json else b"text/html")]
    if fault.location is not None:
        headers.append((b"location", fault.location.encode("latin-1", "replace")))
    if fault.retry_after is not None:
        headers.append((b"retry-after", str(fault.retry_after).encode("latin-1", "replace")))
    body = fault.body.encode() if fault.body is not None else msgspec.json.encode(_words(status, fault.code, request_id))
    return Answer(status, headers, body)


def _not_stored(error: sqlite3.Error) -> Answer:
    """The response if the emulator's database fails. Clients do not retry a 507, and it leaves open whether a write was stored."""
    sentence = f"Cannot use the emulator's database: {error}. Free disk space, or give it a writable file."
    refusal = gateway(507, "507000", sentence)
    return Answer(refusal.status, [(b"content-type", JSON.encode())], msgspec.json.encode(refusal.body))


def _words(status: int, code: str | None, request_id: str) -> Mapping[str, Any]:
    """The body for a status: the service's if it has one, else the gateway's."""
    if code is not None:
        return coded(status, code, "The request was declined", request_id).body
    if status in _SERVICE_WORDS:
        code, sentence = _SERVICE_WORDS[status]
        message = f"{sentence} Please try again. If the problem persists, please contact customer support."
        return flow_service(code, message, request_id=request_id).body
    return gateway(status, f"{status}000", _GATEWAY_WORDS.get(status, "The request was declined")).body
