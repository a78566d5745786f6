"""A service whose connections behave as one test needs; everything else is the emulator's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from tests.flowservice.simulated import SimulatedClock, answer

COLLECTION = "/data/foundation/flowservice/connections"
FOREIGN = "11111111-0000-4000-8000-000000000000"


@dataclass
class Connections(httpx.BaseTransport):
    """`lag`: seconds until lists show a new one. `delete_lag`: seconds until a deleted one is gone. `guards`: whether etags are checked."""

    inner: httpx.BaseTransport
    clock: SimulatedClock
    lag: float = 0.0
    delete_lag: float = 0.0
    guards: bool = True
    makes_drafts: bool = True
    lost: str | None = None
    """The method whose first answer is lost."""
    broken: str | None = None
    """The method that always fails."""
    etag: str | None = '"1"'
    live: dict[str, dict[str, Any]] = field(default_factory=dict)
    made_at: dict[str, float] = field(default_factory=dict)
    gone_at: dict[str, float] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.live[FOREIGN] = {"id": FOREIGN, "name": "somebody's", "description": "", "version": '"9"'}
        self.made_at[FOREIGN] = -1000.0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.startswith(COLLECTION):
            return self.inner.handle_request(request)
        self.sent.append(
            f"{request.method} {request.url.path.removeprefix(COLLECTION)}{'?' + request.url.query.decode() if request.url.query else ''}"
        )
        if self.broken == request.method:
            return answer(400, {"errorMessage": "no", "title": "no", "status": 400})
        response = self._handle(request, request.url.path.removeprefix(COLLECTION).strip("/"))
        if self.lost == request.method:
            self.lost = None
            raise httpx.ReadTimeout("timed out", request=request)
        return response

    def _handle(self, request: httpx.Request, wanted: str) -> httpx.Response:
        now = self.clock.monotonic()
        for one in [one for one, at in self.gone_at.items() if at <= now]:
            self.live.pop(one, None)
        if request.method == "POST":
            return self._make(request, now)
        if request.method == "GET" and not wanted:
            shown = [one for one in self.live.values() if self.made_at[one["id"]] + self.lag <= now]
            return answer(200, {"items": shown})
        if wanted not in self.live:
            return answer(404, {"errorMessage": "not found", "errorDetails": "not found"})
        if request.method == "DELETE":
            self.gone_at[wanted] = now + self.delete_lag
            return answer(204)
        if request.method == "PATCH":
            return self._change(request, wanted)
        return answer(200, {"items": [self.live[wanted]]})

    def _make(self, request: httpx.Request, now: float) -> httpx.Response:
        if not self.makes_drafts:
            return answer(400, {"errorMessage": "drafts are not supported"})
        assert request.url.query == b"mode=draft"
        body = msgspec.json.decode(request.read())
        assert "auth" not in body
        one = f"22222222-0000-4000-8000-{len(self.live):012}"
        self.live[one] = {"id": one, **body} | ({"etag": self.etag} if self.etag else {})
        self.made_at[one] = now
        return answer(201, {"id": one, "etag": self.etag})

    def _change(self, request: httpx.Request, wanted: str) -> httpx.Response:
        given = request.headers.get("if-match")
        if self.guards and given is None:
            return answer(
                400, {"type": "https://ns.adobe.com/aep/errors/FLOW-1403-400", "title": "If-Match missing", "status": 400}
            )
        if self.guards and given != self.live[wanted].get("etag"):
            return answer(412, {"errorMessage": "another version"})
        return answer(200, {"id": wanted, "etag": self.etag})
