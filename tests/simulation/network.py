"""The wire between the engine and the service: delays, losses, refusals, nonsense, lies, and the death of the process."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate

import httpx

from reconciler.documents.json_text import encode
from tests.simulation.service import SERVICE, FlowServiceModel

Raw = tuple[int, dict[str, str], bytes]

LIES: dict[str, Raw] = {
    "401": (401, {}, b'{"error_code":"401013","message":"Oauth token is not valid"}'),
    "403010": (403, {}, b'{"error_code":"403010","message":"Oauth token is missing."}'),
    "429": (429, {}, b'{"title":"Busy"}'),
    "500": (500, {}, b'{"title":"Internal Server Error"}'),
    "504": (504, {}, b"<html>gateway timeout</html>"),
}
LATEST = 60.0


class Killed(BaseException):
    """The process is dead: nothing of it runs any more."""


@dataclass(frozen=True)
class Sent:
    """One request that went out: when, and what."""

    at: float
    method: str
    path: str


class Wire(httpx.BaseTransport):
    """Carries each request of one process, or does not. What happens is drawn from the seed.

    `chance` is how likely a fault is; `death`, how likely the process dies with a request; `lies`, how likely a write is carried out and
    answered as if it were not; `lateness`, how likely it is carried out only later, up to a minute.
    """

    def __init__(self, model: FlowServiceModel, rng: random.Random, run: str = "") -> None:
        self.model = model
        self.rng = rng
        self.run = run
        self.chance = 0.0
        self.death = 0.0
        self.lies = 0.0
        self.lateness = 0.0
        self.dead = False
        self.requests = 0
        self.sent: list[Sent] = []
        self.faults: Counter[str] = Counter()
        self.not_before = 0.0
        self.last_was_stale = False
        self.impatient: list[str] = []
        self._told: dict[int, Callable[[], None]] = {}
        self._faults: dict[str, Callable[[httpx.Request], Raw]] = {
            "lost before": self._lost_before,
            "lost after": self._lost_after,
            "refused": self._refused,
            "slow": self._slow,
            "429": lambda request: self._busy(request, 429),
            "503": lambda request: self._busy(request, 503),
            "500 before": lambda _: (500, {}, b'{"title":"Internal Server Error"}'),
            "500 after": lambda request: (self._carry(request), (500, {}, b"oops"))[1],
            "truncated": self._truncated,
            "not json": lambda request: (self._carry(request)[0], {}, b"<html>gateway</html>"),
            "token expired": self._token_expired,
            "stale read": self._stale_read,
        }

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._die_with_the_process()
        self.requests += 1
        self.sent.append(Sent(self.model.clock.time, request.method, request.url.path))
        if self.model.clock.time < self.not_before:
            self.impatient.append(f"{request.method} {request.url.path} {self.not_before - self.model.clock.time:g} s too soon")
        self.model.clock.advance(self.rng.uniform(0.01, 0.2) + self.model.habits.seconds_per_call)
        self._maybe_die()
        fault = self.rng.choice(sorted(self._faults)) if self.rng.random() < self.chance else None
        if fault != "stale read":
            self.last_was_stale = False
        me = threading.get_ident()
        self._told[me] = _nothing
        if fault is not None:
            self.faults[fault] += 1
            status, headers, content = self._faults[fault](request)
        else:
            status, headers, content = self._lie(request) or self._carry(request)
        self._maybe_die()
        if fault not in ("truncated", "not json", "500 after"):
            self._told[me]()
        return httpx.Response(status, headers=headers, content=content, request=request)

    def _maybe_die(self) -> None:
        self._die_with_the_process()
        if self.rng.random() < self.death:
            self.faults["death"] += 1
            self.dead = True
            raise Killed

    def _die_with_the_process(self) -> None:
        if self.dead:
            raise Killed

    def _carry(self, request: httpx.Request) -> Raw:
        if request.url.path.startswith("/ims"):
            return self.model.token()
        headers = {name.lower(): value for name, value in request.headers.items()}
        path, query = request.url.path, request.url.query.decode()
        answer = self.model.answer(request.method, path, headers, request.read(), query, self.run)
        self._told[threading.get_ident()] = self.model.take_told()
        return answer

    def _lie(self, request: httpx.Request) -> Raw | None:
        """An answer that is not true of a write of a connection spec: it was done, or it will be."""
        if request.method == "GET" or "/connectionSpecs" not in request.url.path or not (self.lies or self.lateness):
            return None
        if self.rng.random() < self.lies:
            name = self.rng.choice(sorted(LIES))
            self.faults[f"lie {name}"] += 1
            self._carry(request)
            return self._said(name)
        if self.rng.random() < self.lateness:
            self.faults["late"] += 1
            run = self.run
            self.model.clock.after(self.rng.uniform(0.0, LATEST), lambda: self._land(request, run))
            name = self.rng.choice(["429", "500", "504", "lost"])
            if name == "lost":
                raise httpx.RemoteProtocolError("server disconnected", request=request)
            return self._said(name)
        return None

    def _said(self, name: str) -> Raw:
        self._told[threading.get_ident()] = _nothing
        return LIES[name]

    def _land(self, request: httpx.Request, run: str) -> None:
        """Carry a request out that nobody waits for any more."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.model.valid.add(headers["authorization"].removeprefix("Bearer "))
        self.model.answer(request.method, request.url.path, headers, request.read(), "", run)
        self.model.take_told()

    def _lost_before(self, request: httpx.Request) -> Raw:
        raise httpx.ReadError("connection reset", request=request)

    def _lost_after(self, request: httpx.Request) -> Raw:
        self._carry(request)
        raise httpx.RemoteProtocolError("server disconnected", request=request)

    def _refused(self, request: httpx.Request) -> Raw:
        raise httpx.ConnectError("connection refused", request=request)

    def _slow(self, request: httpx.Request) -> Raw:
        """An answer that takes its time, or too much of it; the service does what it was asked all the same, at some moment of that.

        A PUT of a flow spec arrives at once: one that arrives later than half of `settle` after its GET can undo what a rival did in
        between after the rival's own read-back, and no client can keep that from happening where the service has no etags.
        """
        timeout = float(request.extensions["timeout"]["read"])
        seconds = self.rng.uniform(0.1, 1.5 * timeout)
        arrives_at_once = request.method == "PUT" and "/flowSpecs/" in request.url.path
        before = 0.0 if arrives_at_once else self.rng.uniform(0, min(seconds, timeout))
        self.model.clock.advance(before)
        self._die_with_the_process()
        answer = self._carry(request)
        self.model.clock.advance(min(seconds, timeout) - before)
        if seconds > timeout:
            raise httpx.ReadTimeout("timed out", request=request)
        return answer

    def _busy(self, request: httpx.Request, status: int) -> Raw:
        after = self.rng.choice([None, "1", "3", "0", "-5", "soon", "9999", formatdate(self.model.clock.time + 4, usegmt=True)])
        if after is not None and not request.url.path.startswith("/ims"):
            self.not_before = max(self.not_before, self.model.clock.time + _seconds(after))
        return status, {} if after is None else {"retry-after": after}, encode({"title": "Busy"})

    def _truncated(self, request: httpx.Request) -> Raw:
        status, headers, content = self._carry(request)
        return status, headers, content[: len(content) // 2]

    def _token_expired(self, request: httpx.Request) -> Raw:
        self.model.expire_tokens()
        return self._carry(request)

    def _stale_read(self, request: httpx.Request) -> Raw:
        """A GET of one spec that shows what it was a few seconds ago; anything else is answered as it is.

        Never twice in a row: a service whose reads are all old cannot be told from one where nobody writes.
        """
        parts = request.url.path.removeprefix(SERVICE).split("/")
        status, headers, content = self._carry(request)
        if (
            self.last_was_stale
            or request.method != "GET"
            or len(parts) != 3
            or status != 200
            or not self.model.has(parts[1], parts[2])
        ):
            return status, headers, content
        self.last_was_stale = True
        body = self.model.stale(parts[1], parts[2].lower(), self.rng.uniform(0.5, 4.0), self.run)
        self._told[threading.get_ident()] = self.model.take_told()
        return status, headers, encode({"items": [body]})


def _nothing() -> None:
    """Nobody was told anything."""


def _seconds(after: str) -> float:
    """What a `Retry-After` asks for; a date is four seconds ahead, to the second."""
    if after.lstrip("-").isdigit():
        return max(float(after), 0.0)
    return 3.0 if "GMT" in after else 0.0
