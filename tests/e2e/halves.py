"""Services that begin an answer and do not end it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN = b'{"access_token":"t0ken","token_type":"bearer","expires_in":86399}'
LIST = b'{"items":[' + b" " * 4000 + b"]}"


class Ending(StrEnum):
    """What comes after the first half of a body."""

    CLOSE = "closes"
    STALL = "stalls"
    TRICKLE = "trickles"


@contextmanager
def half_answers(ending: Ending) -> Iterator[str]:
    """A raw server that gives tokens, and half of a list to everything else; gives its address."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, ending, over), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, ending: Ending, over: threading.Event) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_serve, args=(connection, ending, over), daemon=True).start()


def _serve(connection: socket.socket, ending: Ending, over: threading.Event) -> None:
    with connection, suppress(OSError):
        head = _request(connection)
        body = TOKEN if b"/ims/token" in head else LIST
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        if body is TOKEN:
            connection.sendall(body)
            return
        connection.sendall(body[: len(body) // 2])
        while ending is Ending.TRICKLE and not over.wait(0.05):
            connection.sendall(b" ")
        if ending is Ending.STALL:
            over.wait()


def _request(connection: socket.socket) -> bytes:
    """The head of a request, when all of it has come; its body is read and forgotten."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536) or b"\r\n\r\n"
    head, _, rest = data.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.lower().splitlines() if line.startswith(b"content-length:")]
    missing = int(lengths[0]) - len(rest) if lengths else 0
    while missing > 0 and (more := connection.recv(missing)):
        missing -= len(more)
    return head


@dataclass
class HalfOnce:
    """A service that carries one kind of call out, answers its first half, and says no more until the client hangs up; once."""

    app: ASGIApp
    method: str
    path: str
    halved: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.halved or scope["type"] != "http" or scope["method"] != self.method or self.path not in scope["path"]:
            await self.app(scope, receive, send)
            return
        self.halved += 1
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self.app(scope, receive, keep)
        start, body = answer
        await send(start)
        await send({"type": "http.response.body", "body": body["body"][: len(body["body"]) // 2], "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
