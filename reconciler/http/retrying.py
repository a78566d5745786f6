"""Retries of one call within its deadline and retry limit, with one pause shared by all calls."""

from __future__ import annotations

import random
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Generic, TypeAlias, TypeVar

import msgspec

from reconciler.errors import ServiceError, ServiceUnreachable, TooLate, count
from reconciler.http.clock import Clock, Stop
from reconciler.http.messages import Answer, Outcome, Request
from reconciler.http.pause import Pace, retry_after
from reconciler.http.request_log import RequestLog
from reconciler.http.transport import Transport
from reconciler.settings.values import Network

T = TypeVar("T")

_FIRST_BACKOFF: Final = 0.5
_LONGEST_BACKOFF: Final = 10.0
_ASKS_TO_WAIT: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

PASSING: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""Statuses after which another GET may succeed."""


class Again(msgspec.Struct, frozen=True):
    """A retry may help; `error` is raised if there is none. With `at_once` the retry needs no wait and is not counted."""

    error: ServiceError
    at_once: bool = False


Verdict: TypeAlias = T | Again
"""The classification of one outcome: a value, or a retry. Classifiers raise ServiceError if a retry would not help."""

Waits: TypeAlias = Callable[[Answer, float], float | None]
"""How long this response, at this time (seconds since the epoch), asks all callers to wait, in seconds; None if it does not."""


def asked_by_retry_after(answer: Answer, now: float) -> float | None:
    """The seconds in `Retry-After` of a 429 or 503 (RFC 9110, 10.2.3); 0 if such a response has none; None for other statuses."""
    if answer.status not in _ASKS_TO_WAIT:
        return None
    return retry_after(answer.headers.get("retry-after"), now, answer.headers.get("date")) or 0.0


class Attempt(msgspec.Struct, Generic[T], frozen=True):
    """One call: `prepare` builds the request of each try from the deadline, `judge` classifies its outcome.

    Both may raise ServiceError, which ends the call.
    """

    name: str
    prepare: Callable[[float], Request]
    judge: Callable[[Outcome], Verdict[T]]


class Dependencies(msgspec.Struct, frozen=True):
    """The dependencies shared by all calls. `setting` is the setting that raises the deadline, if there is one."""

    transport: Transport
    network: Network
    clock: Clock
    rng: random.Random
    stop: Stop | None = None
    waits: Waits = asked_by_retry_after
    setting: str | None = "network.deadline"
    log: RequestLog = msgspec.field(default_factory=RequestLog)


class Caller:
    """Calls one host from any number of threads. A pause that the host requests applies to all of them, and to all that share `pace`."""

    def __init__(self, dependencies: Dependencies, pace: Pace | None = None) -> None:
        self._dependencies = dependencies
        self.pace = pace or Pace()
        self._pause = self.pace.pause

    def call(self, attempt: Attempt[T], deadline: float | None = None, send_within: float | None = None) -> T:
        """Try until there is a value. `deadline` (monotonic) can only shorten the deadline in the settings.

        Raises TooLate if a try would start more than `send_within` seconds from now, and ServiceError: the one that `judge` raised, or the
        error of the last try with the reason for not retrying.
        """
        clock, network = self._dependencies.clock, self._dependencies.network
        end = min(clock.monotonic() + network.deadline, deadline if deadline is not None else float("inf"))
        send_by = clock.monotonic() + send_within if send_within is not None else float("inf")
        retries, last = 0, None
        while True:
            self._wait_out_pause(attempt.name, end, last)
            request = attempt.prepare(end)
            if clock.monotonic() >= end:  # no time is left to wait for a response
                raise _given_up(last or ServiceUnreachable(f"{attempt.name} was not sent"), "its deadline has passed")
            if clock.monotonic() >= send_by:
                raise TooLate(f"{attempt.name} was not sent: the body it is based on is stale", hint="run apply again")
            with self.pace.slot:
                outcome = self._try(request, end)
            verdict = attempt.judge(outcome)
            if not isinstance(verdict, Again):
                return verdict
            last = verdict.error
            if verdict.at_once:
                continue
            retries += 1
            if retries > network.retries:
                raise _given_up(last, f"given up after {count(retries, 'try', 'tries')}")
            if not self._pause.left(clock.monotonic()):
                self._back_off(retries, end, last)

    def _try(self, request: Request, end: float) -> Outcome:
        clock = self._dependencies.clock
        began = clock.monotonic()
        outcome = self._dependencies.transport.exchange(request, self._dependencies.network.timeout, end)
        ended = clock.monotonic()
        self._dependencies.log.add(request, outcome, ended - began)
        if isinstance(outcome, Answer) and (seconds := self._dependencies.waits(outcome, clock.now())) is not None:
            self._pause.extend(ended + seconds)
        return outcome

    def _wait_out_pause(self, name: str, end: float, last: ServiceError | None) -> None:
        """Wait until calls may continue. Another thread's response may extend the pause meanwhile."""
        while left := self._pause.left(self._dependencies.clock.monotonic()):
            if self._dependencies.clock.monotonic() + left >= end:
                raise self._too_long(name, left, last)
            self._sleep(left, name, last)

    def _too_long(self, name: str, left: float, last: ServiceError | None) -> ServiceError:
        deadline = self._dependencies.network.deadline
        error = last or ServiceUnreachable(f"{name} was not sent")
        setting = self._dependencies.setting
        hint = f"run again in {left:.0f} seconds" + (f", or raise {setting}" if setting else "")
        return _given_up(error, f"the service asked to wait {left:.0f} seconds, past the deadline of {deadline:g}", hint)

    def _back_off(self, retries: int, end: float, last: ServiceError) -> None:
        """Wait a random part of a time that doubles with each try ("full jitter"), so that clients do not retry at the same moment."""
        longest = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2 ** (retries - 1))
        seconds = self._dependencies.rng.uniform(0, longest)
        if self._dependencies.clock.monotonic() + seconds >= end:
            raise _given_up(last, f"given up at the deadline, after {count(retries, 'try', 'tries')}")
        self._sleep(seconds, "", last)

    def _sleep(self, seconds: float, name: str, last: ServiceError | None) -> None:
        self._dependencies.clock.sleep(seconds)
        stop = self._dependencies.stop
        if stop is not None and stop.is_set():
            raise _given_up(last or ServiceUnreachable(f"{name} was not sent"), "not retried because a stop was requested")


def _given_up(error: ServiceError, why: str, hint: str | None = None) -> ServiceError:
    """The same error with the reason for not retrying."""
    return error.said_as(type(error), f"{error.message}; {why}", hint)
