"""The emulator over HTTP, on uvicorn. It prints nothing; the caller receives the port."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from reconciler.emulator.http.lines import LINE, PlainLine
from reconciler.errors import UsageError

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_GRACE_SECONDS = 5
_IDLE_SECONDS = 75  # longer than clients keep a connection, so that none is closed during a request


def serve(host: str, port: int, app: ASGIApp, ready: Callable[[int], None]) -> signal.Signals | None:
    """Serve until SIGINT or SIGTERM, finish requests in flight, and return the signal.

    Port 0 selects a free port; `ready` is called with the port once it is open. Signal handlers are restored afterwards. Raises
    `UsageError` if the port cannot be used.
    """
    with _listen(host, port) as listener:
        bound = listener.getsockname()[1]
        server = _Server(app, lambda: ready(bound))
        server.run(sockets=[listener])
    return server.stopped_by


@contextmanager
def serving(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve in a thread of this process while the context is open; yields the base address, such as `http://127.0.0.1:4010`."""
    with _listen(host, port) as listener:
        started = threading.Event()
        server = _Server(app, started.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="emulator")
        thread.start()
        try:
            started.wait()
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class _Server(uvicorn.Server):
    def __init__(self, app: ASGIApp, ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            timeout_keep_alive=_IDLE_SECONDS,
            date_header=False,  # the emulated service has its own clock and sends its own date
        )
        super().__init__(config)
        self._ready = ready
        self.stopped_by: signal.Signals | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Unlike uvicorn's method, do not raise the signals again at the end: the caller handles them."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self._stop) for one in _STOP_SIGNALS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.force_exit = self.stopped_by is not None
        self.stopped_by = signal.Signals(number)
        self.should_exit = True


class _Protocol(H11Protocol):
    """Gives each request its client connection, so that a fault can interrupt it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # asyncio does this only for sockets opened by protocol number; without it each response takes 40 ms longer
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        inner, line = self.app, _SocketLine(transport)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[LINE] = line
            await inner(scope, receive, send)

        self.app = app


class _SocketLine(PlainLine):
    """The connection to a client on a socket."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    async def break_off(self) -> None:
        self._transport.abort()
        await asyncio.sleep(0)  # the protocol is notified in the next loop iteration and then expects no response


def _reason(error: OSError) -> str:
    """The system's words, without what Python adds to them."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror or error)


@contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        hint = "use another --port, or 0 for any free port"
        raise UsageError(f"cannot listen on {host}:{port}: {_reason(error)}", hint=hint) from error
    try:
        yield listener
    finally:
        listener.close()
