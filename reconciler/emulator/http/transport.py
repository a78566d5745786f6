"""An httpx transport that runs the emulator in the calling thread, without sockets or an event loop. Thread-safe."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import httpx
from starlette.types import ASGIApp, Message

from reconciler.emulator.http.lines import LINE, PlainLine

T = TypeVar("T")


class EmulatorTransport(httpx.BaseTransport):
    """Passes each request to the application and returns its response.

    The host name is ignored; only the path matters. If a fault interrupts the connection, `httpx.RemoteProtocolError` is raised; if a fault
    delays the response beyond the client's read timeout, `httpx.ReadTimeout` is, after the request was carried out.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body, sent = request.read(), []
        line = _DirectLine(request.extensions.get("timeout", {}).get("read"))

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        async def carry() -> None:
            await self._app(_scope(request, line), receive, send)

        _run(carry())
        if line.timed_out:
            raise httpx.ReadTimeout("timed out", request=request)
        if line.is_broken:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        start, *rest = sent
        content = b"".join(message.get("body", b"") for message in rest)
        return httpx.Response(start["status"], headers=start["headers"], content=content, request=request)


class _DirectLine(PlainLine):
    """The connection to a client in the same thread."""

    def __init__(self, read_timeout: float | None) -> None:
        self._read_timeout = read_timeout
        self.timed_out = False
        self.is_broken = False

    async def pause(self, sleep: Callable[[float], None], seconds: float) -> None:
        if self._read_timeout is not None and seconds > self._read_timeout:
            self.timed_out = True
            seconds = self._read_timeout
        sleep(seconds)

    async def work(self, job: Callable[[], T], at_most: float | None = None) -> T | None:  # noqa: ARG002 - the caller's thread ends it
        return job()

    async def break_off(self) -> None:
        self.is_broken = True


def _scope(request: httpx.Request, line: _DirectLine) -> dict[str, Any]:
    path, _, query = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port),
        "client": ("in-process", 0),
        "extensions": {LINE: line},
    }


def _run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that never suspends to completion."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("the emulator's application waited for an event loop, and there is none in process")
