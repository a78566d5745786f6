"""The calls that a client may make. Any other is refused here, before anything is sent, whatever asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar

from reconciler.errors import RefusedForNow, ServiceError
from reconciler.flowservice.messages import Call, Service
from reconciler.flowservice.session import FlowServiceSession
from reconciler.http.messages import Answer, Method
from reconciler.http.secrets.disclosure import WITHHELD, shown_words

T = TypeVar("T")

_NUMBER: Final = re.compile(r"(?:FLOW-)?(\d{3,6})(?:-\d{3})?", re.ASCII)
_TOKENS: Final = 2
"""How often a POST that keeps nothing is sent: once more with another token."""


@dataclass(frozen=True, slots=True)
class Permit:
    """One kind of call that a client may make: `path` is a regular expression for the whole path."""

    method: Method
    service: Service
    path: str

    def allows(self, call: Call) -> bool:
        return (self.method, self.service) == (call.method, call.service) and re.fullmatch(self.path, call.path) is not None


class Calls:
    """The session of one client, narrowed to GETs and what its permits allow. It remembers the service's clock."""

    def __init__(self, session: FlowServiceSession, permits: tuple[Permit, ...]) -> None:
        self.session = session
        self._permits = permits
        self._date: tuple[datetime, float] | None = None

    def read(self, call: Call, decode: Callable[[Answer], T]) -> T:
        """The response to a GET. Raises ServiceError; SpecNotFound if the service itself says that the resource does not exist."""
        self._check(call)
        return self.session.read(call, self._dated(decode))

    def ask(self, call: Call, decode: Callable[[Answer], T]) -> T:
        """The response to a POST that keeps nothing, which is repeated like a GET. Raises ServiceError."""
        self._check(call)
        for _ in range(_TOKENS - 1):
            try:
                return self.session.read(call, self._dated(decode))
            except RefusedForNow:
                continue
        return self.session.read(call, self._dated(decode))

    def write(self, call: Call, decode: Callable[[Answer], T]) -> T:
        """The response to a write. Raises AnswerLost, RefusedForNow and ServiceError, as `FlowServiceSession.write`."""
        self._check(call)
        return self.session.write(call, self._dated(decode))

    def now(self) -> datetime:
        """The service's clock: the `Date` of its last answer and the time since; this computer's clock if no answer had a date."""
        clock = self.session.dependencies.clock
        if self._date is None:
            return datetime.fromtimestamp(clock.now(), UTC)
        date, at = self._date
        return date + timedelta(seconds=clock.monotonic() - at)

    def said(self, text: str) -> str:
        """What may be shown of a text of the service: words and numbers, and nothing that may repeat a credential."""
        words = shown_words(text)
        return WITHHELD if self.session.dependencies.transport.secrets.are_in(text) else words

    def _check(self, call: Call) -> None:
        if call.method != "GET" and not any(permit.allows(call) for permit in self._permits):
            raise RuntimeError(f"{call} is not a call of this client")

    def _dated(self, decode: Callable[[Answer], T]) -> Callable[[Answer], T]:
        def noted(answer: Answer) -> T:
            date = moment_of(answer.headers.get("date"))
            if date is not None:
                self._date = date, self.session.dependencies.clock.monotonic()
            return decode(answer)

        return noted


def error_number(error: ServiceError) -> int | None:
    """The number of an error of Flow Service: 1418 for 1418-400 and FLOW-1418-400; None for other errors."""
    found = _NUMBER.fullmatch(error.server_code or "")
    return int(found[1]) if found else None


def moment_of(text: str | None) -> datetime | None:
    """The moment in a header `Date`, in UTC; None if it cannot be read."""
    try:
        date = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
