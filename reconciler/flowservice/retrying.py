"""Tries of one call, within its deadline and number of retries, with one pause for everybody whom the service asks to wait."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Generic, TypeVar

from reconciler.errors import ServiceError, ServiceUnreachable, TooLate
from reconciler.flowservice.clock import Clock, Stop
from reconciler.flowservice.messages import Answer, Outcome, Request
from reconciler.flowservice.pause import Pause, retry_after
from reconciler.flowservice.request_log import RequestLog
from reconciler.flowservice.transport import Transport
from reconciler.flowservice.verdicts import Again, Verdict
from reconciler.settings import Network

T = TypeVar("T")

_FIRST_BACKOFF: Final = 0.5
_LONGEST_BACKOFF: Final = 10.0
_ASKS_TO_WAIT: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Attempt(Generic[T]):
    """One call, as it is tried: `prepare` makes the request of each try (given the deadline), `judge` says what its outcome means.

    Both may raise ServiceError, which ends the call.
    """

    name: str
    prepare: Callable[[float], Request]
    judge: Callable[[Outcome], Verdict[T]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What calls are made with: handed in once, shared by all of them."""

    transport: Transport
    network: Network
    clock: Clock
    rng: random.Random
    log: RequestLog
    stop: Stop | None = None


class Caller:
    """Calls one host from any number of threads; a pause that the host asks for holds for all of them."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._pause = Pause()

    def call(self, attempt: Attempt[T], deadline: float | None = None, send_within: float | None = None) -> T:
        """Try until there is a value. `deadline` (monotonic) can only shorten what the settings allow.

        Raises TooLate when a try would go out more than `send_within` seconds from now, and ServiceError: what `judge` raised, or the
        error of the last try, saying why there is no other.
        """
        clock, network = self._around.clock, self._around.network
        end = min(clock.monotonic() + network.deadline, deadline if deadline is not None else float("inf"))
        send_by = clock.monotonic() + send_within if send_within is not None else float("inf")
        retries, last = 0, None
        while True:
            self._wait_out_pause(attempt.name, end, last)
            request = attempt.prepare(end)
            self._check_time_left(attempt.name, end, last)
            if clock.monotonic() >= send_by:
                raise TooLate(f"{attempt.name} was not sent: what it is made from is too old by now", hint="run apply again")
            outcome = self._try(request, end)
            verdict = attempt.judge(outcome)
            if not isinstance(verdict, Again):
                return verdict
            last = verdict.error
            if verdict.at_once:
                continue
            retries += 1
            if retries > network.retries:
                raise _given_up(last, f"given up after {retries} tries")
            if not self._pause.left(clock.monotonic()):
                self._back_off(retries, end, last)

    def _try(self, request: Request, end: float) -> Outcome:
        clock = self._around.clock
        began = clock.monotonic()
        outcome = self._around.transport.exchange(request, self._around.network.timeout, end)
        ended = clock.monotonic()
        self._around.log.add(request, outcome, ended - began)
        if isinstance(outcome, Answer) and outcome.status in _ASKS_TO_WAIT:
            seconds = retry_after(outcome.headers.get("retry-after"), clock.now())
            self._pause.extend(ended + (seconds or 0.0))
        return outcome

    def _wait_out_pause(self, name: str, end: float, last: ServiceError | None) -> None:
        """Return when calls may go on; somebody else's answer may make the pause longer meanwhile."""
        while left := self._pause.left(self._around.clock.monotonic()):
            if self._around.clock.monotonic() + left >= end:
                raise self._too_long(name, left, last)
            self._sleep(left, name, last)

    def _check_time_left(self, name: str, end: float, last: ServiceError | None) -> None:
        """Nothing goes out when its answer could not be waited for."""
        if self._around.clock.monotonic() >= end:
            raise _given_up(last or ServiceUnreachable(f"{name} was not sent"), "its deadline has passed")

    def _too_long(self, name: str, left: float, last: ServiceError | None) -> ServiceError:
        deadline = self._around.network.deadline
        error = last or ServiceUnreachable(f"{name} was not sent")
        hint = f"run again in {left:.0f} seconds, or raise network.deadline"
        return _given_up(error, f"the service asks to wait {left:.0f} seconds, past the deadline of {deadline:g}", hint)

    def _back_off(self, retries: int, end: float, last: ServiceError) -> None:
        """Wait a random part of a time that doubles with each try ("full jitter"), so that many callers do not come back at once."""
        longest = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2 ** (retries - 1))
        seconds = self._around.rng.uniform(0, longest)
        if self._around.clock.monotonic() + seconds >= end:
            raise _given_up(last, f"given up at the deadline, after {retries} tries")
        self._sleep(seconds, "", last)

    def _sleep(self, seconds: float, name: str, last: ServiceError | None) -> None:
        self._around.clock.sleep(seconds)
        stop = self._around.stop
        if stop is not None and stop.is_set():
            raise _given_up(last or ServiceUnreachable(f"{name} was not sent"), "not tried any more because a stop was asked for")


def _given_up(error: ServiceError, why: str, hint: str | None = None) -> ServiceError:
    """The same error, saying why there was no other try."""
    return type(error)(
        f"{error.message}; {why}",
        status=error.status,
        server_code=error.server_code,
        request_id=error.request_id,
        hint=hint or error.hint,
    )
