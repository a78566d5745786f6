"""Calls of Flow Service: the headers that each needs, and one new token for a call whose token was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from reconciler.flowservice.credentials import TokenSource
from reconciler.flowservice.error_answers import refuses_token, service_error
from reconciler.flowservice.messages import Call
from reconciler.flowservice.verdicts import judge_read, judge_write, refused_for_now
from reconciler.http.messages import USER_AGENT, Answer, Outcome, Request, RequestRecord, fresh_request_id
from reconciler.http.retrying import Again, Attempt, Caller, Dependencies, Verdict
from reconciler.settings.values import Secret, Target

T = TypeVar("T")

_LIST_DEADLINES: Final = 10
"""How many times the deadline of one call a list may take with all of its pages."""


@dataclass(frozen=True, slots=True)
class FlowServiceSession:
    """One target, as one credential: carries calls to it, and repeats them where that is safe."""

    target: Target
    client_id: str
    tokens: TokenSource
    caller: Caller
    dependencies: Dependencies

    @property
    def base_url(self) -> str:
        return self.target.base_url

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        return self.dependencies.log.records

    def read(self, call: Call, decode: Callable[[Answer], T]) -> T:
        """What `decode` makes of the answer to a GET. Raises ServiceError."""
        return self._send(call, lambda outcome: judge_read(call, outcome, decode))

    def write(self, call: Call, decode: Callable[[Answer], T], send_within: float | None = None) -> T:
        """What `decode` makes of the answer to a POST or PUT. Raises ServiceError; AnswerLost where it may have happened.

        `send_within` are the seconds after which it no longer goes out; then TooLate is raised.
        """
        return self._send(call, lambda outcome: judge_write(call, outcome, decode), send_within)

    def time_for_a_list(self) -> Callable[[], bool]:
        """Begins the time that a list may take with all of its pages, and says, whenever it is asked, whether some is left."""
        clock = self.dependencies.clock
        end = clock.monotonic() + _LIST_DEADLINES * self.dependencies.network.deadline
        return lambda: clock.monotonic() < end

    def close(self) -> None:
        self.dependencies.transport.close()

    def _send(self, call: Call, judge: Callable[[Outcome], Verdict[T]], send_within: float | None = None) -> T:
        authorised = _AuthorisedCall(self, call, judge)
        return self.caller.call(Attempt(str(call), authorised.prepare, authorised.judge), send_within=send_within)

    def request(self, call: Call, token: Secret) -> Request:
        """One try of a call with this token (docs: Flow Service, required headers)."""
        request_id = fresh_request_id(self.dependencies.rng)
        url = f"{self.target.base_url}{call.path}" + (f"?{call.query}" if call.query else "")
        headers = {
            "Authorization": f"Bearer {token.reveal()}",
            "x-api-key": self.client_id,
            "x-gw-ims-org-id": self.target.org_id,
            "x-sandbox-name": self.target.sandbox,
            "x-request-id": request_id,
            "Accept": "application/json",
            "User-Agent": USER_AGENT,
        }
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        if call.if_match:
            headers["If-Match"] = call.if_match
        return Request(call.method, url, call.path, request_id, headers, call.body)


class _AuthorisedCall(Generic[T]):
    """One call with its tries; remembers which token went along, and whether it was renewed already."""

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
        if isinstance(outcome, Answer) and refuses_token(outcome) and self._may_renew():
            if self._call.body is not None:
                raise refused_for_now(self._call, outcome)
            return Again(service_error(self._call, outcome), at_once=True)
        return self._judge(outcome)

    def _may_renew(self) -> bool:
        """Whether another token is to be had, once. A write goes out with it only after a look: who sends it asks for that."""
        if self._renewed or self._token is None:
            return False
        self._renewed = True
        return self._session.tokens.refuse(self._token)
