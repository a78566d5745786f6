"""Questions to the service: each is sent once, and its answer is kept with its status, headers and time.

Unlike a client, a probe takes an error answer for what it is: evidence. It sends GETs, and the one POST that Adobe documents as a view of
permissions; it cannot change anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from reconciler.errors import ReconcilerError, ServiceError, ServiceUnreachable
from reconciler.flowservice.error_answers import Complaint, complaint_of, redirected, service_error
from reconciler.flowservice.messages import Call
from reconciler.flowservice.session import FlowServiceSession
from reconciler.http.messages import Answer, Failure, Outcome, Request
from reconciler.http.retrying import PASSING, Again, Attempt, Verdict
from reconciler.secret import Secret

FIRST: Final = Call("GET", "/flowSpecs")
"""The question that every diagnosis begins with: a short list that each credential of a source may read."""
POLICIES_PATH: Final = "/acl/effective-policies"
_WITHOUT_SANDBOX: Final = frozenset({"sandbox-management"})
"""Services that are asked about sandboxes, so the name of one must not stop the question."""


class NotAReadError(ValueError):
    """A question would change something. It is a mistake in the program."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back for one question: an answer with any status, or the reason for none.

    `sent` and `received` are seconds since the epoch by the local clock. `withheld` means that the question was not sent, because an
    earlier one already showed that it cannot be answered.
    """

    call: Call
    answer: Answer | None
    reason: str = ""
    hint: str | None = None
    sent: float = 0.0
    received: float = 0.0
    withheld: bool = False

    @property
    def asked(self) -> str:
        return f"{self.call}?{self.call.query}" if self.call.query else str(self.call)

    @property
    def status(self) -> int | None:
        return None if self.answer is None else self.answer.status

    @property
    def is_success(self) -> bool:
        return self.answer is not None and self.answer.is_success

    @property
    def complaint(self) -> Complaint:
        """The content of an error answer; empty for anything else."""
        if self.answer is None or self.answer.is_success:
            return Complaint("")
        return complaint_of(self.answer.content)

    @property
    def error(self) -> ServiceError:
        """The answer, or the reason for none, as the error that a client would report."""
        if self.answer is None:
            return ServiceUnreachable(f"{self.call}: {self.reason}", hint=self.hint)
        return redirected(self.call, self.answer) if self.answer.is_redirect else service_error(self.call, self.answer)


@dataclass(slots=True)
class _Last:
    """The outcome of the last try, and when it was sent and received."""

    outcome: Outcome | None = None
    sent: float = 0.0
    received: float = 0.0


@dataclass(slots=True)
class Probe:
    """Asks one target with one credential. Built by `connect`."""

    session: FlowServiceSession
    _seen: dict[Call, Seen] = field(default_factory=dict)
    _token: Secret | ReconcilerError | None = None
    _unreachable: Seen | None = None

    def close(self) -> None:
        self.session.close()

    def everything(self) -> tuple[Seen, ...]:
        """All answers so far, in order."""
        return tuple(self._seen.values())

    def token(self) -> Secret | ReconcilerError:
        """The access token, requested once; the error if there is none."""
        if self._token is None:
            clock, network = self.session.dependencies.clock, self.session.dependencies.network
            try:
                self._token = self.session.tokens.current(clock.monotonic() + network.deadline)
            except ReconcilerError as error:
                self._token = error
        return self._token

    def knock(self) -> Seen:
        """The answer to the first question; without a token, that of the gateway to a question without one."""
        return self.ask(FIRST) if isinstance(self.token(), Secret) else self._kept(FIRST, None)

    def ask(self, call: Call, *, again: bool = False) -> Seen:
        """The answer to a question; an earlier one to the same question, unless `again`. Never raises for what the other side does."""
        if call.method != "GET" and (call.service, call.path) != ("access-control", POLICIES_PATH):
            raise NotAReadError(str(call))
        token = self.token()
        if not isinstance(token, Secret):
            return Seen(call, None, "not asked: there is no access token", withheld=True)
        return self._sent(call, token) if again else self._kept(call, token)

    def _kept(self, call: Call, token: Secret | None) -> Seen:
        if call not in self._seen:
            if self._unreachable is not None:
                return Seen(call, None, f"not asked: {self._unreachable.reason}", withheld=True)
            self._seen[call] = self._sent(call, token)
        return self._seen[call]

    def _sent(self, call: Call, token: Secret | None) -> Seen:
        last = _Last()
        clock = self.session.dependencies.clock

        def prepare(_deadline: float) -> Request:
            last.sent = clock.now()
            return self._request(call, token)

        def judge(outcome: Outcome) -> Verdict[Answer]:
            last.outcome, last.received = outcome, clock.now()
            if isinstance(outcome, Answer):
                return Again(service_error(call, outcome)) if outcome.status in PASSING else outcome
            error = ServiceUnreachable(outcome.reason, hint=outcome.hint)
            if outcome.lasting:
                raise error
            return Again(error)

        try:
            self.session.caller.call(Attempt(str(call), prepare, judge))
        except ReconcilerError as error:
            if not isinstance(last.outcome, Answer):
                return self._without_answer(call, error, last.outcome)
        if not isinstance(last.outcome, Answer):  # pragma: no cover - the caller returns only what `judge` accepted
            return Seen(call, None, "no answer")
        return Seen(call, last.outcome, sent=last.sent, received=last.received)

    def _without_answer(self, call: Call, error: ReconcilerError, failure: Failure | None) -> Seen:
        seen = Seen(call, None, failure.reason if failure else error.message, error.hint)
        was_sent = failure is not None and failure.sent
        answered = any(one.answer for one in self._seen.values())
        if not answered and (not was_sent or self._seen):
            self._unreachable = seen  # no connection, or a second question without an answer: the others would only take time
        return seen

    def _request(self, call: Call, token: Secret | None) -> Request:
        request = self.session.request(call, token or Secret(""))
        left_out = {"Authorization"} if token is None else set()
        if call.service in _WITHOUT_SANDBOX:
            left_out.add("x-sandbox-name")
        headers = {name: value for name, value in request.headers.items() if name not in left_out}
        return Request(request.method, request.url, request.path, request.request_id, headers, request.body)
