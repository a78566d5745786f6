"""The way from one process to the service: losses, refusals, lies and delays, drawn from a seed; and the death of the process."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from reconciler.documents.json_text import decode, encode
from reconciler.emulator import Emulator
from reconciler.http.transport import Wire as Way
from tests.simulation.clock import VirtualClock

LATEST = 50.0
"""Seconds after which a write that nobody waits for any more may still land: less than what the service's gateway allows."""
MAKING = (
    "/connections",
    "/sourceConnections",
    "/targetConnections",
    "/flows",
    "/runs",
    "/fieldgroups",
    "/schemas",
    "/dataSets",
    "/mappingSets",
)
RESOURCES = ("connections", "sourceConnections", "targetConnections", "flows", "fieldgroups", "schemas", "dataSets")
REFUSALS = ("1416", "1417", "1418", "1447")


class Killed(BaseException):
    """The process is dead: nothing of it runs any more."""


@dataclass
class Death:
    """When a process dies: at the nth of one kind of moment, such as a request that is about to be sent."""

    moment: str = ""
    at: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    dead: bool = False
    last_words: Callable[[], None] = lambda: None
    """Called at the moment of death: what is on disk then is all that is left."""

    def reach(self, moment: str) -> None:
        """One more such moment. Raises Killed, from the moment of death on."""
        if self.dead:
            raise Killed
        self.seen[moment] += 1
        if moment == self.moment and self.seen[moment] == self.at:
            self.dead = True
            self.last_words()
            raise Killed


@dataclass(frozen=True)
class Made:
    """A write that the service carried out, by whom, and what was answered."""

    process: str
    method: str
    path: str
    name: str
    status: int
    id: str


class Wire(Way):
    """Carries each request of one process, or does not. `chance` is how likely a fault is."""

    def __init__(
        self, emulator: Emulator, clock: VirtualClock, rng: random.Random, process: str, death: Death, chance: float
    ) -> None:
        self._emulator = emulator
        self._inner = emulator.transport()
        self._clock = clock
        self._rng = rng
        self._process = process
        self._death = death
        self.chance = chance
        self.lies: str | None = None
        """What the service says of each run that is not true."""
        self.late_gets = 0.0
        """Seconds in which a GET by id does not find what was made."""
        self.requests = 0
        self.faults: Counter[str] = Counter()
        self.made: list[Made] = []
        self.before_write: Callable[[str, str, str], None] = lambda _method, _path, _name: None
        self.after_write: Callable[[Made], None] = lambda _made: None
        self.before_delete: Callable[[], None] = lambda: None
        self.on_request: Callable[[int], None] = lambda _number: None
        self._all: dict[str, Callable[[httpx.Request], httpx.Response]] = {
            "lost before": self._lost_before,
            "lost after": self._lost_after,
            "refused": self._no_way,
            "slow": self._slow,
            "late": self._late,
            "500 before": lambda request: _answer(request, 500, {"title": "Internal Server Error"}),
            "500 after": self._error_after,
            "503": lambda request: _answer(request, 503, {"title": "Busy"}, retry_after="3"),
            "429": lambda request: _answer(request, 429, {"title": "Busy"}, retry_after="1"),
            "truncated": self._truncated,
            "not json": lambda request: httpx.Response(
                self._carry(request).status_code, content=b"<html>gateway</html>", request=request
            ),
            "token expired": self._token_expired,
            "in use": self._in_use,
            "proxy": lambda request: httpx.Response(404, content=b"<html>no such host</html>", request=request),
        }
        self._lock = threading.Lock()

    def only(self, *faults: str) -> None:
        """Let nothing but these go wrong."""
        self._all = {name: self._all[name] for name in faults}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._death.reach("request")
        self.requests += 1
        self.on_request(self.requests)
        self._clock.advance(self._rng.uniform(0.01, 0.3))
        if self._death.dead:
            raise Killed
        if request.method in ("POST", "PUT") and request.url.path.endswith(MAKING):
            self.before_write(request.method, request.url.path, name_in(request))
        fault = self._rng.choice(sorted(self._all)) if self._rng.random() < self.chance else None
        if fault is None:
            answer = self._carry(request)
        else:
            self.faults[fault] += 1
            answer = self._all[fault](request)
        self._death.reach("answer")
        return answer

    def _carry(self, request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            self.before_delete()
        if self.late_gets and request.method == "GET":
            request = self._too_early(request)
        answer = self._inner.handle_request(request)
        if request.method != "GET" and "/ims/" not in request.url.path:
            self._note(request, answer)
        if self.lies is not None and request.method == "GET" and answer.status_code == 200:
            return lied_about(request, answer, self.lies)
        return answer

    def _too_early(self, request: httpx.Request) -> httpx.Request:
        """The request; for a resource that was just made, the same for one that does not exist."""
        before, _, one = request.url.path.rstrip("/").rpartition("/")
        for kind, place in self._emulator.store.whereabouts(one):
            row = self._emulator.store.find(kind, place, one)
            if kind in RESOURCES and row is not None and self._clock.now() - row.born < self.late_gets:
                headers = [pair for pair in request.headers.raw if pair[0].lower() != b"content-length"]
                nobody = f"{one[:-4]}0000"
                found = httpx.Request("GET", request.url.copy_with(path=f"{before}/{nobody}"), headers=headers)
                found.extensions = request.extensions
                return found
        return request

    def _note(self, request: httpx.Request, answer: httpx.Response) -> None:
        path = request.url.path
        one = Made(self._process, request.method, path, name_in(request), answer.status_code, _id_in(answer))
        if path.endswith(("/validate", "/preview")) or answer.status_code >= 300:
            return
        self.made.append(one)
        self.after_write(one)

    def _lost_before(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("connection reset", request=request)

    def _lost_after(self, request: httpx.Request) -> httpx.Response:
        self._carry(request)
        raise httpx.RemoteProtocolError("server disconnected", request=request)

    def _no_way(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused", request=request)

    def _slow(self, request: httpx.Request) -> httpx.Response:
        self._clock.advance(float(request.extensions["timeout"]["read"]))
        self._carry(request)
        raise httpx.ReadTimeout("timed out", request=request)

    def _late(self, request: httpx.Request) -> httpx.Response:
        """A write that is carried out some time after its connection broke."""
        if request.method == "GET" or "/ims/" in request.url.path:
            return self._lost_before(request)
        request.read()
        self._clock.after(self._rng.uniform(0.0, LATEST), lambda: self._land(request))
        raise httpx.RemoteProtocolError("server disconnected", request=request)

    def _land(self, request: httpx.Request) -> None:
        answer = self._inner.handle_request(request)
        self._note(request, answer)

    def _error_after(self, request: httpx.Request) -> httpx.Response:
        self._carry(request)
        return _answer(request, 500, {"title": "Internal Server Error"})

    def _truncated(self, request: httpx.Request) -> httpx.Response:
        answer = self._carry(request)
        return httpx.Response(answer.status_code, content=answer.content[: len(answer.content) // 2], request=request)

    def _token_expired(self, request: httpx.Request) -> httpx.Response:
        self._emulator.store.forget_tokens()
        return self._carry(request)

    def _in_use(self, request: httpx.Request) -> httpx.Response:
        """A DELETE that the service refuses for now; anything else is carried out."""
        if request.method != "DELETE":
            return self._carry(request)
        number = self._rng.choice(REFUSALS)
        return _answer(
            request, 400, {"type": f"https://ns.adobe.com/aep/errors/FLOW-{number}-400", "title": "In use", "status": 400}
        )


def lied_about(request: httpx.Request, answer: httpx.Response, lie: str) -> httpx.Response:
    """An answer about runs or batches that says less than the truth of a good run."""
    if request.url.path.endswith("/runs") and lie != "batch":
        body: Any = decode(answer.content)
        for run in body.get("items", ()):
            _worsen(run.get("metrics") or {}, lie)
        return httpx.Response(200, headers={"date": answer.headers.get("date", "")}, content=encode(body), request=request)
    if request.url.path.endswith("/batches") and lie == "batch":
        batches: Any = decode(answer.content)
        for batch in batches.values():
            batch["metrics"] = {**batch.get("metrics", {}), "recordsWritten": 0}
        return httpx.Response(200, content=encode(batches), request=request)
    return answer


def _worsen(metrics: dict[str, Any], lie: str) -> None:
    records = metrics.get("recordSummary") or {}
    match lie:
        case "output":
            records |= {name: 1 for name in ("outputRecordCount", "createdRecordCount") if name in records}
        case "failed":
            records["failedRecordCount"] = 1
        case "errors":
            summary = metrics.get("statusSummary") or {}
            summary["errors"] = [{"code": "CONNECTOR-2001-500", "message": "some records were not written"}]
        case _:
            summary = metrics.get("statusSummary") or {}
            if summary.get("status", "").lower() in ("success", "completed"):
                summary["status"] = "partial_success"


def name_in(request: httpx.Request) -> str:
    """The name in the body of a write; empty for one without."""
    try:
        body: Any = decode(request.read())
    except ValueError:
        return ""
    return str(body.get("name") or body.get("title") or "") if isinstance(body, dict) else ""


def _id_in(answer: httpx.Response) -> str:
    try:
        body: Any = decode(answer.content)
    except ValueError:
        return ""
    if isinstance(body, list) and body:
        return str(body[0]).rpartition("/")[2]
    return str(body.get("id") or body.get("meta:altId") or "") if isinstance(body, dict) else ""


def _answer(request: httpx.Request, status: int, body: dict[str, Any], *, retry_after: str | None = None) -> httpx.Response:
    headers = {"retry-after": retry_after} if retry_after else {}
    return httpx.Response(status, headers=headers, content=encode(body), request=request)
