"""The ASGI application: a request is recorded, hit by its fault, let in or declined header by header, and brought to its endpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from reconciler.emulator.http.lines import LINE, PlainLine
from tests.github.api.calls import Answer, Call
from tests.github.api.faults import Fault
from tests.github.api.hub import Hub, Recorded
from tests.github.api.records import Identity, Repository
from tests.github.api.refusals import Refusal, not_accessible
from tests.github.api.routes import find

VERSIONS = ("2022-11-28", "2026-03-10")
MEDIA_TYPE = "application/vnd.github+json"
_NO_USER_AGENT = (
    "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"
    " (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required)."
)


@dataclass(frozen=True, slots=True)
class _Sent:
    """An answer on its way."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Front:
    """The API as an ASGI application over a `Hub`."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        raw = await request.body()
        fault = self._hub.faults.take(request.method, scope["path"]) or Fault()
        sent = self._carry_out(request, raw, fault)
        record = Recorded(
            request.method, scope["path"], dict(request.query_params), _seen(raw), None if sent is None else sent.status
        )
        self._hub.requests.append(record)
        if sent is None:
            await (scope.get("extensions", {}).get(LINE) or PlainLine()).break_off()
            return
        await _send(sent, send)

    def _carry_out(self, request: Request, raw: bytes, fault: Fault) -> _Sent | None:
        """The answer, or None where it is lost."""
        if fault.lost == "before":
            return None
        if fault.answer is not None and not fault.done:
            return _declined(fault.answer, fault.text)
        try:
            answer = self._answer(request, raw)
            sent = _Sent(answer.status, answer.headers, json.dumps(answer.body).encode())
        except Refusal as refusal:
            sent = _declined(refusal)
        if fault.lost == "after":
            return None
        if fault.answer is not None:
            return _declined(fault.answer, fault.text)
        return _Sent(sent.status, sent.headers, sent.body[: len(sent.body) // 2]) if fault.truncated else sent

    def _answer(self, request: Request, raw: bytes) -> Answer:
        identity = admit(self._hub, request.headers)
        path = request.scope["path"]
        if path == "/user":
            return _whoami(identity)
        endpoint, found = find(request.method, path)
        repository = self._repository(found)
        tail = path.split("/", 4 if "owner" in found else 3)[-1]
        base = str(request.base_url).rstrip("/")
        query = dict(request.query_params)
        return endpoint(Call(self._hub, identity, base, found, tail, query, _json(request.headers, raw), repository))

    def _repository(self, found: Mapping[str, Any]) -> Repository:
        if "repository_id" in found:
            return self._hub.repository_by_id(found["repository_id"])
        return self._hub.repository(f"{found['owner']}/{found['name']}")


def admit(hub: Hub, headers: Headers) -> Identity:
    """Whom the headers name. Raises `Refusal`: user agent (403), version (400), media type (415), token (401), in this order.

    GitHub would take a request without a version or a media type, and choose for it; here both must be said, so that no client rests
    on that choice.
    """
    if not headers.get("user-agent", "").strip():
        raise Refusal(403, _NO_USER_AGENT)
    version = headers.get("x-github-api-version")
    if version not in VERSIONS:
        raise Refusal(400, f"API version {version!r} is not supported; say one of {', '.join(VERSIONS)}.")
    accept = headers.get("accept", "")
    if accept != MEDIA_TYPE:
        raise Refusal(415, f"Unsupported 'Accept' header: {accept!r}. Must accept 'application/json'.")
    scheme, _, token = headers.get("authorization", "").partition(" ")
    identity = hub.tokens.get(token.strip()) if scheme.lower() == "bearer" else None
    if identity is None:
        raise Refusal(401, "Bad credentials")
    return identity


def _whoami(identity: Identity) -> Answer:
    account = identity.account
    if account.app is not None:
        raise not_accessible("")
    return Answer({"login": account.login, "id": account.id, "type": account.type})


def _json(headers: Headers, raw: bytes) -> Mapping[str, Any]:
    """The body: an object, or nothing at all. Raises `Refusal` (400, 415)."""
    if not raw:
        return {}
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "The request body must be JSON, and say so.")
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise Refusal(400, "Problems parsing JSON") from error
    if not isinstance(body, dict):
        raise Refusal(400, "Body should be a JSON object")
    return body


def _seen(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw.decode("utf-8", "replace")


def _declined(refusal: Refusal, text: str | None = None) -> _Sent:
    if text is not None:
        return _Sent(refusal.status, {"content-type": "text/html"}, text.encode())
    return _Sent(refusal.status, refusal.headers, json.dumps(refusal.body).encode())


async def _send(sent: _Sent, send: Send) -> None:
    headers = {
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(sent.body)),
        "x-ratelimit-limit": "1000",
        "x-ratelimit-remaining": "999",
        "x-github-request-id": "0001:FAKE",
        **sent.headers,
    }
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": sent.status, "headers": pairs})
    await send({"type": "http.response.body", "body": sent.body})
