"""Sends events to the inlet of a streaming flow. Its address is data from the service, so it is checked before anything is sent there.

An event that may have arrived is never sent twice: the inlet would count it twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final

from reconciler.dataflows.calling import moment_of
from reconciler.documents.json_text import NotJson, decode, string_at
from reconciler.errors import ServiceError, ServiceUnreachable
from reconciler.flowservice.session import FlowServiceSession
from reconciler.http.messages import USER_AGENT, Answer, Failure, Outcome, Request, fresh_request_id
from reconciler.http.retrying import Again, Attempt, Caller, Verdict
from reconciler.http.secrets.disclosure import shown_words
from reconciler.http.urls import Place, Sendable, UnclearUrl, sendable
from reconciler.secret import Secret

ACCEPTED: Final = range(200, 300)
_ADOBE: Final = re.compile(r"dcs(?:-[a-z0-9]+)*\.adobedc\.net", re.ASCII)
"""The hosts of Adobe's data collection (docs: Streaming Ingestion API): `dcs.adobedc.net`, and those of its other environments."""
_LOOPBACK: Final = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|::1", re.ASCII)
_LATER: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
"""Answers that say that the event was not taken."""
_LONGEST_ANSWER: Final = 4_000
_TRANSACTION: Final = re.compile(r"[0-9A-Za-z:_.-]{1,100}", re.ASCII)


class InletRefused(ValueError):
    """Nothing is sent to this address; the message is the reason, without a path or a query."""


@dataclass(frozen=True, slots=True)
class Inlet:
    """The address of an inlet that may get events."""

    address: Sendable

    @property
    def id(self) -> str:
        """The last part of its path."""
        return self._path.rstrip("/").rpartition("/")[2]

    @property
    def url(self) -> str:
        """The address without its query, for display."""
        return f"{self.address.root.rstrip('/')}{self._path}"

    @property
    def _path(self) -> str:
        return self.address.target.decode("ascii", "replace").partition("?")[0]


def inlet_at(url: str, *, local: bool, service_host: str | None = None) -> Inlet:
    """The inlet at this address. Raises InletRefused for any but https at Adobe's data collection.

    With `local`, addresses of this machine are allowed, too, and `service_host` is, the host of an emulator.
    """
    try:
        address = sendable(url)
    except UnclearUrl as error:
        raise InletRefused(f"the address of the inlet is not valid: {error.reason}") from None
    if _is_adobe(address.place) or (local and _is_here(address.place, service_host)):
        return Inlet(address)
    where = f"{address.place.scheme}://{address.place}"
    raise InletRefused(f"the inlet is at {where}, and events go to https at dcs.adobedc.net only")


def _is_adobe(place: Place) -> bool:
    return place.scheme == "https" and place.port == 443 and _ADOBE.fullmatch(place.host) is not None  # noqa: PLR2004


def _is_here(place: Place, service_host: str | None) -> bool:
    return _LOOPBACK.fullmatch(place.host) is not None or (service_host is not None and str(place) == service_host)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one event. `status` is None without an answer: then it may have arrived, or not.

    `answer` is the body of the answer, without credentials; `said` the reason in words; `trace` the transaction, or the request id; `at`
    the time of the answer by the service's clock.
    """

    status: int | None
    at: datetime
    trace: str
    answer: str = field(default="", repr=False)
    said: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the inlet says that it received the event, which does not say that it will be in the dataset."""
        return self.status in ACCEPTED


class EventSender:
    """Sends to one host, over the session of a client: its request log and its known secrets. Thread-safe."""

    def __init__(self, session: FlowServiceSession) -> None:
        self._session = session
        self._caller = Caller(session.dependencies)

    @property
    def service_host(self) -> str:
        """The host of the service itself, which gets the access token anyway."""
        return str(sendable(self._session.base_url).place)

    def send(self, inlet: Inlet, headers: Mapping[str, str], body: bytes, now: datetime) -> Delivery:
        """POST one event. Raises ServiceError if it was certainly not taken, also after several tries."""
        dependencies = self._session.dependencies
        path = inlet.url.removeprefix(inlet.address.root.rstrip("/"))

        def prepare(_deadline: float) -> Request:
            request_id = fresh_request_id(dependencies.rng)
            own = {"x-request-id": request_id, "User-Agent": USER_AGENT, "Accept": "application/json"}
            address = inlet.address
            return Request("POST", address.url, path, request_id, {**headers, **own}, body, target=address.target)

        def judge(outcome: Outcome) -> Verdict[Delivery]:
            return self._judged(f"POST {path}", outcome, now)

        return self._caller.call(Attempt(f"POST {path}", prepare, judge))

    def token(self) -> Secret:
        """The access token of the session, for an inlet of Adobe's that requires one. Raises ServiceError."""
        dependencies = self._session.dependencies
        return self._session.tokens.current(dependencies.clock.monotonic() + dependencies.network.deadline)

    def _judged(self, name: str, outcome: Outcome, now: datetime) -> Verdict[Delivery]:
        if isinstance(outcome, Failure):
            if not outcome.sent:
                error = ServiceUnreachable(f"{name}: {outcome.reason}", hint=outcome.hint or "check the network, and run again")
                if outcome.lasting:
                    raise error
                return Again(error)
            return Delivery(None, now, "", said=outcome.reason)
        if outcome.status in _LATER:
            return Again(ServiceError(f"{name} returned {outcome.status}", status=outcome.status, request_id=outcome.request_id))
        return self._delivery(outcome, now)

    def _delivery(self, answer: Answer, now: datetime) -> Delivery:
        text = bytes(answer.content[:_LONGEST_ANSWER]).decode(errors="replace")
        shown = "".join(character if character.isprintable() else " " for character in text).strip()
        transaction, said = _read(answer)
        at = moment_of(answer.headers.get("date")) or now
        return Delivery(answer.status, at, transaction or answer.request_id, shown, said)


def _read(answer: Answer) -> tuple[str | None, str]:
    """The transaction of an answer, and its reason in words."""
    try:
        body = decode(bytes(answer.content))
    except NotJson:
        return None, ""
    transaction = string_at(body, "xactionId")
    said = string_at(body, "report", "message") or string_at(body, "message") or string_at(body, "title") or ""
    return transaction if transaction and _TRANSACTION.fullmatch(transaction) else None, shown_words(said)
