"""What the writes of an apply share, and the single way to send a write."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from reconciler.applying.evidence import Evidence
from reconciler.applying.outcome import Failure, OutcomeName, Result
from reconciler.applying.twins import LastLook
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.errors import AnswerLost, Problem, ReconcilerError, RefusedForNow, ServiceError, TooLate
from reconciler.flowservice.client import SpecWriter
from reconciler.flowservice.paths import COLLECTIONS
from reconciler.flowservice.specs import LiveSpec
from reconciler.http.clock import Clock
from reconciler.journal.writing import Journal, SentWrite
from reconciler.planning.comparing.ownership import Owner
from reconciler.planning.plan import Action, Request
from reconciler.settings.values import Network

_SETTLING_GETS = 4
"""GETs that `settle` must leave time for: two before a PUT in its first half, and as much again for the PUT."""


@dataclass(frozen=True, slots=True)
class ApplyContext:
    """What all writes of one apply share."""

    service: SpecWriter
    journal: Journal
    clock: Clock
    rng: random.Random
    network: Network
    owner: Owner
    keeps_markers: bool
    last_look: LastLook = field(default_factory=LastLook)

    def written_at(self) -> float:
        """The time for a marker that is written now, in seconds since the epoch, by the clock of the service: with it a soak ends.

        Only a service whose answers have no `Date` is given the time of this machine.
        """
        served = self.service.served_now()
        return self.clock.now() if served is None else served


@dataclass(slots=True)
class Task:
    """One action in progress: collects the sent writes for its result.

    `ids` has the id of each connection spec by key. `quickest` is the duration of the fastest GET of this spec in seconds, `last_seen` the
    last reading.
    """

    site: ApplyContext
    action: Action
    ids: Mapping[str, str]
    evidence: Evidence = field(init=False)
    spec_id: str | None = None
    quickest: float | None = None
    last_seen: LiveSpec | None = None
    writes: list[SentWrite] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.evidence = Evidence(self.action.seen)

    @property
    def settle(self) -> float:
        """Seconds after a PUT until its read-back counts; longer if the service is so slow that a GET takes most of it."""
        network = self.site.network
        if network.settle <= 0:
            return network.settle
        return max(network.settle, min(_SETTLING_GETS * (self.quickest or 0.0), network.deadline / 2))

    @property
    def patience(self) -> float:
        """Seconds for which reads may lag."""
        return max(self.site.network.consistency_window, 2 * self.settle)

    def get(self, spec_id: str) -> tuple[LiveSpec, float]:
        """GET the spec; also returns when (monotonic) the GET began. Raises ServiceError."""
        began = self.site.clock.monotonic()
        got = self.site.service.get_spec(self.action.kind, spec_id)
        self.last_seen = got
        seconds = self.site.clock.monotonic() - began
        self.quickest = seconds if self.quickest is None else min(self.quickest, seconds)
        return got, began

    def post(self, body: Document) -> str:
        """POST the body, and return the new id. Raises ServiceError (AnswerLost if it may have happened), JournalError."""
        request = Request("POST", COLLECTIONS[self.action.kind])
        self.site.journal.intent(self.action, request, body, None)
        self.evidence.sent(body, None)
        try:
            receipt = self.site.service.create_spec(self.action.kind, body)
        except ServiceError as error:
            self._note(request, error.status, error.request_id, error)
            raise
        self.spec_id = receipt.spec_id
        self.evidence.answered(receipt.updated_at)
        self._note(request, receipt.status, receipt.request_id, None)
        return receipt.spec_id

    def put(self, live: LiveSpec, body: Document, within: float | None = None) -> None:
        """PUT the whole body, within this many seconds. Raises as `post` does, and VersionMismatch or TooLate."""
        request = Request("PUT", f"{COLLECTIONS[live.kind]}/{live.id}")
        self.site.journal.intent(self.action, request, body, live.body)
        self.evidence.sent(body, live)
        try:
            receipt = self.site.service.replace_spec(live.kind, live.id, body, live.etag, send_within=within)
        except TooLate as error:
            unsent_write = SentWrite(request.method, request.path, None, None)
            self.site.journal.answer(self.action, live.id, unsent_write, error.message, went_out=False)
            self.evidence.not_done()
            raise
        except ServiceError as error:
            self._note(request, error.status, error.request_id, error)
            if not isinstance(error, AnswerLost | RefusedForNow):
                self.evidence.not_done()
            raise
        self.evidence.answered(receipt.updated_at)
        self._note(request, receipt.status, receipt.request_id, None)

    def send_within(self, read_at: float) -> float | None:
        """Seconds left to send a PUT whose body comes from a GET at this (monotonic) time; None for no limit.

        For a flow spec, which others also write, at most half of `settle` may pass between the two.
        """
        if self.action.kind is not Kind.FLOW_SPEC or self.settle <= 0:
            return None
        return max(self.settle / 2 - (self.site.clock.monotonic() - read_at), 0.0)

    def pause(self, attempt: int) -> None:
        """Wait before the next attempt: exponential backoff with full jitter."""
        self.site.clock.sleep(self.site.rng.uniform(0, min(0.5 * 2**attempt, 30.0)))

    def ended(self, outcome: OutcomeName, error: Failure | None = None, read_back: Document | None = None) -> Result:
        """The result of this action; also written to the journal."""
        spec_id = self.spec_id or self.action.id
        self.site.journal.result(self.action, spec_id, outcome, read_back)
        return replace(
            unsent(self.action, outcome, error), id=spec_id, requests=tuple(self.writes), warnings=tuple(self.warnings)
        )

    def given_up(self, error: ReconcilerError) -> Result:
        """The result of an action that ended with an error: not done, done but not confirmed, or unknown."""
        last = self.writes[-1].status if self.writes else HTTPStatus.BAD_REQUEST
        if last is None or last >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return self.ended(OutcomeName.UNKNOWN, failure_of(error, "answer-lost"))
        if last < HTTPStatus.MULTIPLE_CHOICES:
            return self.ended(OutcomeName.NOT_CONVERGED, failure_of(error, "not-confirmed"))
        return self.ended(OutcomeName.FAILED, failure_of(error))

    def _note(self, request: Request, status: int | None, request_id: str | None, error: ServiceError | None) -> None:
        write = SentWrite(request.method, request.path, status, request_id)
        self.writes.append(write)
        self.site.journal.answer(self.action, self.spec_id or self.action.id, write, error.message if error else None)


def unsent(action: Action, outcome: OutcomeName, error: Failure | None) -> Result:
    """The result of an action that sent nothing."""
    return Result(action.kind, action.key, action.name, action.id, outcome, error=error)


def failure_of(error: ReconcilerError, code: str | None = None) -> Failure:
    """The error, for the reports."""
    if not isinstance(error, ServiceError):
        return Failure(code or error.code, error.message, error.hint)
    return Failure(code or error.code, error.message, error.hint, error.status, error.server_code, error.request_id)
