"""Flow Service calls: required headers, and one token renewal for a call whose token was rejected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

import msgspec

from reconciler.errors import SettingsError
from reconciler.flowservice.credentials import TokenSource
from reconciler.flowservice.error_answers import refuses_token, service_error
from reconciler.flowservice.messages import Call, Service
from reconciler.flowservice.verdicts import judge_read, judge_write, refused_for_now
from reconciler.http.messages import USER_AGENT, Answer, Outcome, Request, RequestRecord, fresh_request_id
from reconciler.http.retrying import Again, Attempt, Caller, Dependencies, Verdict
from reconciler.http.served_time import ServedTime
from reconciler.secret import Secret
from reconciler.settings.values import Target

T = TypeVar("T")

_LIST_DEADLINES: Final = 10
"""The deadline of a whole list, as a multiple of the deadline of one call."""


class FlowServiceSession(msgspec.Struct, frozen=True):
    """A session with one target and one credential. It sends calls and retries them if that is safe."""

    target: Target
    client_id: str
    tokens: TokenSource
    caller: Caller
    dependencies: Dependencies
    shares_transport: bool = False
    """Whether other sessions use the transport, which then stays open."""
    served: ServedTime = msgspec.field(default_factory=ServedTime)
    """The clock of the service, by its answers to this session."""

    @property
    def base_url(self) -> str:
        return self.target.base_url

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        return self.dependencies.log.records

    def read(self, call: Call, decode: Callable[[Answer], T]) -> T:
        """The response to a GET, decoded with `decode`. Raises ServiceError."""
        return self._send(call, lambda outcome: judge_read(call, outcome, decode))

    def write(self, call: Call, decode: Callable[[Answer], T], send_within: float | None = None) -> T:
        """The response to a POST or PUT, decoded with `decode`. Raises ServiceError; AnswerLost if it may have taken effect.

        After `send_within` seconds it is no longer sent; TooLate is raised instead.
        """
        return self._send(call, lambda outcome: judge_write(call, outcome, decode), send_within)

    def served_now(self) -> float | None:
        """The time now by the clock of the service, in seconds since the epoch; None if its answers do not say."""
        return self.served.now(self.dependencies.clock.monotonic())

    def time_for_a_list(self) -> Callable[[], bool]:
        """Start the time limit of a paged list. The returned function says whether time is left."""
        clock = self.dependencies.clock
        end = clock.monotonic() + _LIST_DEADLINES * self.dependencies.network.deadline
        return lambda: clock.monotonic() < end

    def calls_at_once(self, wanted: int) -> int:
        """How many of these calls to make at once, beside the sessions with the same client."""
        return self.caller.pace.share(wanted)

    def close(self) -> None:
        self.caller.pace.end(self)
        if not self.shares_transport:
            self.dependencies.transport.close()

    def _send(self, call: Call, judge: Callable[[Outcome], Verdict[T]], send_within: float | None = None) -> T:
        authorised = _AuthorisedCall(self, call, judge)
        return self.caller.call(Attempt(str(call), authorised.prepare, authorised.judge), send_within=send_within)

    def request(self, call: Call, token: Secret) -> Request:
        """The request of one try with this token (docs: Flow Service, required headers)."""
        request_id = fresh_request_id(self.dependencies.rng)
        url = f"{base_of(self.target.base_url, call.service)}{call.path}" + (f"?{call.query}" if call.query else "")
        headers = {
            "Authorization": f"Bearer {token.reveal()}",
            "x-api-key": self.client_id,
            "x-gw-ims-org-id": self.target.org_id,
            "x-sandbox-name": self.target.sandbox,
            "x-request-id": request_id,
            "Accept": call.accept,
            "User-Agent": USER_AGENT,
        }
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        if call.if_match:
            headers["If-Match"] = call.if_match
        return Request(call.method, url, call.path, request_id, headers, call.body)


def base_of(base_url: str, service: Service) -> str:
    """The base URL of a service beside Flow Service, whose base URL is given. Raises SettingsError if that one has another form."""
    if service == "flowservice":
        return base_url
    root, slash, own = base_url.rpartition("/")
    if not slash or own != "flowservice":
        raise SettingsError(
            f"cannot tell where {service} is: the base_url {base_url} does not end with /flowservice",
            hint="set base_url to an address that ends with /data/foundation/flowservice",
        )
    return f"{root}/{service}"


class _AuthorisedCall(Generic[T]):
    """One call with its retries. It remembers the token that was sent, and whether it was already renewed."""

    def __init__(self, session: FlowServiceSession, call: Call, judge: Callable[[Outcome], Verdict[T]]) -> None:
        self._session = session
        self._call = call
        self._judge = judge
        self._token: Secret | None = None
        self._renewed = False

    def prepare(self, deadline: float) -> Request:
        self._token = self._session.tokens.current(deadline)
        return self._session.request(self._call, self._token)

    def judge(self, outcome: Outcome) -> Verdict[T]:
        if isinstance(outcome, Answer):
            self._session.served.note(outcome, self._session.dependencies.clock.monotonic())
        if isinstance(outcome, Answer) and refuses_token(outcome) and self._may_renew():
            if self._call.body is not None:
                raise refused_for_now(self._call, outcome)
            return Again(service_error(self._call, outcome), at_once=True)
        return self._judge(outcome)

    def _may_renew(self) -> bool:
        """Whether the token can be renewed, once per call. A write is not repeated here: its caller checks the spec first."""
        if self._renewed or self._token is None:
            return False
        self._renewed = True
        return self._session.tokens.refuse(self._token)
