"""A Flow Service that answers reads from the texts of drawn sandboxes, byte for byte the same however often it is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from tests.identity.live import Sandbox

_API: Final = "/data/foundation/flowservice"
TOKENS: Final = "/ims/token/v3"
_TOKEN: Final = b'{"access_token": "q7Zx0Vb2Lm9Kd4Ws", "expires_in": 86400, "token_type": "bearer"}'


class Service(ThreadingHTTPServer):
    """The sandboxes of one world after the other."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sandboxes: Mapping[str, Sandbox] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def base_url(self) -> str:
        return self.address + _API


@contextmanager
def serving() -> Iterator[Service]:
    """A service on a free port of the loopback, for as long as the context is open."""
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever, daemon=True)
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Service

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._send(200, _TOKEN)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        sandbox = self.server.sandboxes.get(self.headers.get("x-sandbox-name", ""))
        if sandbox is None:
            self._send(403, b'{"errorMessage": "no such sandbox"}')
            return
        name, _, spec_id = url.path.removeprefix(f"{_API}/").partition("/")
        if spec_id:
            self._send(*_one(sandbox.lists.get(name, []), spec_id))
        else:
            self._send(200, _page(name, sandbox, parse_qs(url.query)))

    def _send(self, status: int, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Date", "Wed, 15 Nov 2023 02:00:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def _one(texts: list[str], spec_id: str) -> tuple[int, bytes]:
    found = next((text for text in texts if _id_of(text) == spec_id), None)
    return (404, b'{"errorMessage": "not found"}') if found is None else (200, found.encode("utf-8", "surrogatepass"))


def _id_of(text: str) -> object:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found.get("id") if isinstance(found, dict) else None


def _page(name: str, sandbox: Sandbox, query: Mapping[str, list[str]]) -> bytes:
    """A page of a list, or of what uses a spec; a filter by another field than those of uses is not heard."""
    texts = sandbox.uses.get(name) or sandbox.lists.get(name, [])
    asked = unquote(query.get("property", [""])[0]).rpartition("==")[2]
    if name in sandbox.uses:
        texts = [text for text in texts if asked in text]
    start = int(query.get("start", ["0"])[0])
    size = sandbox.page if name in sandbox.lists and sandbox.page else len(texts)
    shown = texts[start : start + size]
    more = f', "_links": {{"next": {{"href": "/{name}?start={start + size}"}}}}' if start + size < len(texts) else ""
    count = f', "count": {len(texts)}' if sandbox.counts and name in sandbox.lists else ""
    return f'{{"items": [{", ".join(shown)}]{more}{count}}}'.encode("utf-8", "surrogatepass")
