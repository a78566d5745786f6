"""Sends the requests of a trial to the third party, within the guards."""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Final

import httpcore

from reconciler.documents.json_text import encode
from reconciler.errors import Refused, ServiceError, ServiceUnreachable
from reconciler.http import messages as http
from reconciler.http.clock import Clock, Stop
from reconciler.http.failures import SETTINGS_HINT
from reconciler.http.network.deadlines import Resolve, addresses_of
from reconciler.http.network.guarding import AddressRefused
from reconciler.http.network.proxies import proxy_for
from reconciler.http.request_log import LOGGER, RequestLog
from reconciler.http.retrying import PASSING, Again, Attempt, Caller, Dependencies, Verdict, asked_by_retry_after
from reconciler.http.transport import Transport
from reconciler.http.urls import Place, Sendable, UnclearUrl, sendable
from reconciler.secret import Secret
from reconciler.settings.values import Network
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.trying.guards.credentials import secret_in_host, without_credentials
from reconciler.trying.guards.requests import NO_ANSWER, redirected, wrong_with
from reconciler.trying.hosts import Ask, HostGuard, Hosts, Refusal
from reconciler.trying.redactor import Redactor

MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024
MAX_REDIRECTS: Final = 5
PREFIX: Final = "RECONCILER_PROOF_"
"""The beginning of the name of each environment variable that proof.yaml can use."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_STEP: Final = 0.25
"""Seconds of a wait after which a stop is noticed."""
REFUSED: Final = "host-refused"
INTERRUPTED: Final = "interrupted"


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """What a person or the environment decides about the calls of a trial.

    `hosts` None means that there is no list; then `ask` is asked, and without it every host is refused that would get a secret. `delay` is
    the time between two calls in seconds. `retries` says, when a status such as 429 came back, whether the service would try again.
    """

    hosts: Hosts | None = None
    ask: Ask | None = None
    allow_local: bool = False
    delay: float = 0.0
    retries: Callable[[], bool] = field(default=lambda: False)
    network: Network = field(default_factory=Network)


class LiveFetch:
    """A `Fetch` that calls the third party. `secrets` has each variable in use by its name without prefix.

    Raises Refused where a guard refuses the first request, and SettingsError for an invalid proxy or certificate in the environment. Any
    later refusal is a NoAnswer. `findings` has what was noticed about redirects and other hosts, at most once per host. Answers are
    unchanged, so they may contain secrets. Not thread-safe.
    """

    def __init__(
        self,
        secrets: Mapping[str, Secret],
        options: LiveOptions,
        *,
        clock: Clock,
        rng: random.Random,
        stop: Stop | None = None,
        environ: Mapping[str, str] | None = None,
        resolve: Resolve = addresses_of,
        sockets: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._redactor = Redactor(secrets)
        self._options = options
        self._clock = clock
        self._rng = rng
        self._stop = stop
        self._environ = os.environ if environ is None else environ
        variables = sorted(f"{PREFIX}{name}" for name in secrets)
        self._guard = HostGuard(options.hosts, variables, allow_local=options.allow_local, ask=options.ask)
        self._transport = Transport(
            clock, None, MAX_ANSWER_BYTES, environ=self._environ, resolve=resolve, sockets=sockets, guard=self._guard, whole=True
        )
        log = RequestLog(kept=0)
        self._caller = Caller(
            Dependencies(self._transport, options.network, clock, rng, stop, waits=self._waits, setting=None, log=log)
        )
        self._home: Place | None = None
        self._calls = 0
        self._has_sent = False
        self._findings: dict[tuple[str, str], Finding] = {}
        self._admitted: dict[Place, Refusal | None] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed so far."""
        return tuple(self._findings.values())

    def __call__(self, request: Request) -> Answer | NoAnswer:
        """Send one request, follow its redirects, and return the last answer."""
        if self._calls and self._options.delay > 0:
            self._wait(self._options.delay)
        self._calls += 1
        answer = self._followed(request)
        if isinstance(answer, NoAnswer):
            answer = replace(answer, reason=self._redactor.text(answer.reason))
            if answer.code == REFUSED and not self._has_sent:
                raise Refused(answer.reason, hint=answer.hint)
        return answer

    def apart(self) -> LiveFetch:
        """A fetch within the same guards for requests that do not follow from those of this one, such as a test of the credentials.

        Its first request may go to another host, if that may get secrets. It raises no Refused, and is closed with this one.
        """
        other = copy(self)
        other._home, other._has_sent = None, True  # noqa: SLF001 - a copy of its own
        return other

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def _followed(self, request: Request) -> Answer | NoAnswer:
        for hops in range(MAX_REDIRECTS + 1):
            answer = self._sent(request, is_redirect=hops > 0)
            if isinstance(answer, NoAnswer):
                return answer
            location = answer.headers.get("location", "")
            if answer.status not in _REDIRECTS or not location:
                return answer
            if not hops:
                self._note(found("redirected", f"the API redirects request {self._calls} with HTTP {answer.status}"))
            request = redirected(request, answer.status, location)
        return NoAnswer(NO_ANSWER, f"the API redirects more than {MAX_REDIRECTS} times", "check the path in the spec")

    def _sent(self, request: Request, *, is_redirect: bool) -> Answer | NoAnswer:
        if self._stop is not None and self._stop.is_set():
            return NoAnswer(INTERRUPTED, "the trial was stopped")
        try:
            to = sendable(request.url)
        except UnclearUrl as error:
            return NoAnswer(REFUSED, error.reason, error.hint)
        if (refusal := self._refusal(to, request.url)) is not None:
            return NoAnswer(REFUSED, refusal.reason, refusal.hint)
        if self._home is None:
            self._home = to.place
        elif to.place != self._home and not self._guard.is_named(to.place):
            stripped = without_credentials(request, self._redactor)
            if stripped is None:
                return NoAnswer(REFUSED, f"the path or body of the request to {to.place} contains a secret", _OTHER_HOST_HINT)
            if is_redirect or stripped != request:
                self._note(_other_host(to.place, self._home))
            request, to = stripped, sendable(stripped.url)
        if (wrong := wrong_with(request)) is not None:
            return wrong
        return self._exchanged(request, to)

    def _refusal(self, to: Sendable, url: str) -> Refusal | None:
        """Why the guards refuse this place; decided once per place."""
        if to.place not in self._admitted:
            self._admitted[to.place] = self._decided(to, url)
        return self._admitted[to.place]

    def _decided(self, to: Sendable, url: str) -> Refusal | None:
        if (name := secret_in_host(url, self._redactor)) is not None:
            hint = f"write the value into proof.yaml instead of {{env: {name}}}, if it is not a secret"
            return Refusal(
                f"the host contains the value of {PREFIX}{name}, which DNS and every network on the way would see", hint
            )
        proxied = proxy_for(to.place.scheme, to.place.host, to.place.port, self._environ) is not None
        return self._guard.refusal(to.place, proxied=proxied)

    def _exchanged(self, request: Request, to: Sendable) -> Answer | NoAnswer:
        began = self._clock.monotonic()
        prepared = self._prepared(request, to)

        def prepare(_deadline: float) -> http.Request:
            nonlocal began
            began = self._clock.monotonic()
            return prepared

        last: list[http.Answer] = []

        def judge(outcome: http.Outcome) -> Verdict[http.Answer]:
            self._has_sent = True
            return self._judged(request, outcome, last)

        try:
            answer = self._caller.call(Attempt("the request", prepare, judge))
        except AddressRefused as error:
            return NoAnswer(REFUSED, error.reason, error.hint)
        except ServiceError as error:
            if self._stop is not None and self._stop.is_set():
                return NoAnswer(INTERRUPTED, "the trial was stopped")
            if not last:
                return NoAnswer(NO_ANSWER, error.message, error.hint, self._milliseconds(began))
            answer = last[-1]
        return Answer(answer.status, answer.headers, bytes(answer.content), self._milliseconds(began))

    def _prepared(self, request: Request, to: Sendable) -> http.Request:
        headers: dict[str, str] = {"user-agent": http.USER_AGENT}
        body = None if request.body is None else encode(request.body)
        if body is not None:
            headers["content-type"] = "application/json"
        given: dict[str, str] = {}
        for name, value in request.headers:
            given[name.lower()] = f"{given[name.lower()]}, {value}" if name.lower() in given else value
        path = self._redactor.text(request.address) if LOGGER.isEnabledFor(logging.INFO) else ""
        method: http.Method = "POST" if request.method == "POST" else "GET"
        return http.Request(method, to.root, path, "", {**headers, **given}, body, target=to.target)

    def _judged(self, request: Request, outcome: http.Outcome, last: list[http.Answer]) -> Verdict[http.Answer]:
        if isinstance(outcome, http.Answer):
            if outcome.status in PASSING and self._options.retries():
                last[:] = [outcome]
                return Again(ServiceUnreachable(f"HTTP {outcome.status}"))
            return outcome
        last.clear()
        error = ServiceUnreachable(outcome.reason, hint=None if outcome.hint == SETTINGS_HINT else outcome.hint)
        if outcome.lasting or (outcome.sent and request.method != "GET"):
            raise error
        return Again(error)

    def _waits(self, answer: http.Answer, now: float) -> float | None:
        asked = asked_by_retry_after(answer, now)
        return asked if asked is not None and self._options.retries() else None

    def _milliseconds(self, began: float) -> int:
        return round((self._clock.monotonic() - began) * 1000)

    def _wait(self, seconds: float) -> None:
        end = self._clock.monotonic() + seconds
        while (left := end - self._clock.monotonic()) > 0 and not (self._stop is not None and self._stop.is_set()):
            self._clock.sleep(min(left, _STEP))

    def _note(self, finding: Finding) -> None:
        about = finding.message if finding.code == "other-host" else ""
        self._findings.setdefault((finding.code, about), finding)


_OTHER_HOST_HINT: Final = (
    "only the host of the first request, and hosts that RECONCILER_PROOF_HOSTS names without '*', get secrets"
)


def _other_host(place: Place, home: Place) -> Finding:
    hint = f"if {place} must get the credentials, add it to RECONCILER_PROOF_HOSTS, without '*'"
    return found("other-host", f"a request goes to {place} instead of {home}, without credentials", hint)
