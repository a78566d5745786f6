"""A third-party API for tests of `try`: real HTTP on this machine, with the habits of real APIs, and independent of the product."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request, as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Said:
    """One answer. `body` that is no bytes is sent as JSON; `reset` closes the connection without an answer."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    zipped: bool = False
    reset: bool = False


Answers = Callable[[Asked], Said]


@dataclass
class ThirdParty:
    """The server: its address, what it was asked, and what it answers, which a test may replace."""

    url: str
    answers: Answers
    asked: list[Asked] = field(default_factory=list)


def members(number: int) -> list[dict[str, Any]]:
    return [{"id": f"m{index:04}", "email": f"c{index}@example.com", "name": {"first": "Jane"}} for index in range(number)]


def by_offset(number: int = 237) -> Answers:
    """`?limit=&offset=`, capped at 100, with hasMore."""
    rows = members(number)

    def answer(asked: Asked) -> Said:
        limit, offset = min(int(asked.query.get("limit", "20")), 100), int(asked.query.get("offset", "0"))
        page = rows[offset : offset + limit]
        return Said({"members": page, "total": number, "hasMore": offset + limit < number})

    return answer


@contextmanager
def third_party(answers: Answers) -> Iterator[ThirdParty]:
    """The server on 127.0.0.1, until the context ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("content-length", "0"))))

        def _answer(self, body: bytes) -> None:
            url = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, url.path, query, headers, body)
            party.asked.append(asked)
            said = party.answers(asked)
            if said.reset:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            content = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            content = gzip.compress(content) if said.zipped else content
            kind = {} if isinstance(said.body, bytes) else {"content-type": "application/json"}
            zipped = {"content-encoding": "gzip"} if said.zipped else {}
            self.send_response(said.status)
            for name, value in ({"content-length": str(len(content))} | kind | zipped | said.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    party = ThirdParty(f"http://127.0.0.1:{server.server_port}", answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield party
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
