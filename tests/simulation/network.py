"""The wire between the engine and the service: delays, losses, refusals, nonsense, and the death of the process."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate

import httpx

from reconciler.documents.json_text import encode
from tests.simulation.service import SERVICE, FlowServiceModel

Raw = tuple[int, dict[str, str], bytes]


class Killed(BaseException):
    """The process is dead: nothing of it runs any more."""


class Wire(httpx.BaseTransport):
    """Carries each request, or does not. `chance` is how likely a fault is; what happens is drawn from the seed."""

    def __init__(self, model: FlowServiceModel, rng: random.Random) -> None:
        self.model = model
        self.rng = rng
        self.chance = 0.0
        self.death = 0.0
        self.requests = 0
        self.faults: Counter[str] = Counter()
        self.not_before = 0.0
        self.last_was_stale = False
        self.impatient: list[str] = []
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
        self.requests += 1
        if self.model.clock.time < self.not_before:
            self.impatient.append(f"{request.method} {request.url.path} {self.not_before - self.model.clock.time:g} s too soon")
        self.model.clock.advance(self.rng.uniform(0.01, 0.2))
        self._maybe_die()
        fault = self.rng.choice(sorted(self._faults)) if self.rng.random() < self.chance else None
        if fault != "stale read":
            self.last_was_stale = False
        if fault is None:
            status, headers, content = self._carry(request)
        else:
            self.faults[fault] += 1
            status, headers, content = self._faults[fault](request)
        self._maybe_die()
        return httpx.Response(status, headers=headers, content=content, request=request)

    def _maybe_die(self) -> None:
        if self.rng.random() < self.death:
            self.faults["death"] += 1
            raise Killed

    def _carry(self, request: httpx.Request) -> Raw:
        if request.url.path.startswith("/ims"):
            return self.model.token()
        headers = {name.lower(): value for name, value in request.headers.items()}
        return self.model.answer(request.method, request.url.path, headers, request.read(), request.url.query.decode())

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
        if self.last_was_stale or request.method != "GET" or len(parts) != 3 or status != 200:
            return status, headers, content
        self.last_was_stale = True
        return status, headers, encode({"items": [self.model.stale(parts[1], parts[2], self.rng.uniform(0.5, 4.0))]})


def _seconds(after: str) -> float:
    """What a `Retry-After` asks for; a date is four seconds ahead, to the second."""
    if after.lstrip("-").isdigit():
        return max(float(after), 0.0)
    return 3.0 if "GMT" in after else 0.0
