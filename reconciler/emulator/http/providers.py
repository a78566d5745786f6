"""Third-party APIs over HTTP: the endpoints of provider files, in front of the emulated Flow Service."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import replace
from email.utils import formatdate
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.emulator.http.lines import line_of
from reconciler.emulator.model import ADMIN
from reconciler.providers.provider import Body
from reconciler.providers.stub import Stub
from reconciler.sources.messages import Answer, Request

RUNS: Final = f"{ADMIN}/providers"
"""DELETE begins a new run of each provider: faults and tokens count from the first request again."""
_PIECES: Final = 10
"""Parts in which a slow or chunked body is sent."""
_MOST_BYTES: Final = 5_000_000


class Providers:
    """Answers the paths of the providers, and passes everything else on. `sleep` implements delays, in seconds; `clock` is for `Date`."""

    def __init__(self, stubs: Sequence[Stub], inner: ASGIApp, sleep: Callable[[float], None], clock: Callable[[], float]) -> None:
        self._stubs = stubs
        self._inner = inner
        self._sleep = sleep
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        stub = next((one for one in self._stubs if one.serves(scope["path"])), None) if scope["type"] == "http" else None
        if stub is not None:
            await self._answer(stub, scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == RUNS and scope["method"] == "DELETE":
            for one in self._stubs:
                one.forget()
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._inner(scope, receive, send)

    async def _answer(self, stub: Stub, scope: Scope, receive: Receive, send: Send) -> None:
        line = line_of(scope)
        request = _request(scope, await _body(receive) if scope["method"] == "POST" else None)
        reply = stub.reply(request)
        if reply.delay:
            await line.pause(self._sleep, reply.delay)
        if reply.answer is None:
            await line.break_off()
            return
        how = stub.provider.body
        answer = _compressed(reply.answer, how, request)
        headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in answer.headers.items()]
        headers.append((b"date", formatdate(self._clock(), usegmt=True).encode()))
        if answer.content and not how.chunked:
            headers.append((b"content-length", b"%d" % len(answer.content)))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        first, *rest = _pieces(answer.content, how)
        await send({"type": "http.response.body", "body": first, "more_body": bool(rest)})
        for number, piece in enumerate(rest, 1):
            if how.slow:
                await line.pause(self._sleep, how.slow / len(rest))
            await send({"type": "http.response.body", "body": piece, "more_body": number < len(rest)})


def _pieces(content: bytes, how: Body) -> list[bytes]:
    """The parts of a body that are sent one by one; at least one."""
    size = -(-len(content) // _PIECES) if how.chunked or how.slow else len(content)
    return [content[at : at + size] for at in range(0, len(content), size or 1)] or [b""]


def _request(scope: Scope, body: Json) -> Request:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    host = next((value for name, value in headers if name == "host"), ":".join(map(str, scope.get("server") or ("localhost",))))
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    url = f"{scope['scheme']}://{host}{path.decode('latin-1')}{'?' if query else ''}{query.decode('latin-1')}"
    return Request(scope["method"], url, headers, body)


async def _body(receive: Receive) -> Json:
    """The JSON body; None for any other."""
    body = bytearray()
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body", False) or len(body) > _MOST_BYTES:
            break
    try:
        return decode(body)
    except NotJson:
        return None


def _compressed(answer: Answer, how: Body, request: Request) -> Answer:
    """The answer with its body as it is sent."""
    accepted = any(name == "accept-encoding" and "gzip" in value.lower() for name, value in request.headers)
    if not answer.content or how.gzip == "never" or (how.gzip == "on-request" and not accepted):
        return answer
    content = gzip.compress(answer.content, compresslevel=1, mtime=0)
    return replace(answer, headers={**answer.headers, "content-encoding": "gzip"}, content=content)
