"""What a streaming proof sends, and what it has found out so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from reconciler.dataflows.inlets import Delivery, Inlet
from reconciler.errors import Problem
from reconciler.proofs.streaming.authentication import AuthenticationTest
from reconciler.proofs.streaming.events import Event
from reconciler.proving.report import AuthenticationCase, AuthenticationTable, Counts
from reconciler.proving.streaming.cases import Authentication, Case


@dataclass(frozen=True, slots=True)
class Tested:
    """One case that was sent, or that could not be."""

    case: Case
    delivery: Delivery | None = None

    @property
    def accepted(self) -> bool:
        """Whether the inlet says that it received the event."""
        return self.delivery is not None and self.delivery.accepted

    @property
    def is_as_wanted(self) -> bool:
        """Whether the inlet did what it should. A server error refuses nothing: it says nothing about the authentication."""
        if self.delivery is None or self.case.wanted == "either":
            return True
        if self.case.wanted == "accepted":
            return self.accepted
        status = self.delivery.status
        return status is not None and 400 <= status < 500  # noqa: PLR2004 - the client errors


@dataclass(slots=True)
class Stream:
    """The events of one proof and their authentication; the steps fill in the rest."""

    events: tuple[Event, ...] = field(repr=False)
    auth: Authentication
    wait: float = 300.0
    """Seconds between the flow and the first event."""
    findings: tuple[Problem, ...] = ()
    """What the files show to be wrong, without making a proof impossible."""
    inlet: Inlet | None = None
    before: int = 0
    """Rows that were in the dataset before the first event."""
    accepted: int = 0
    """Events of `events` that the inlet received."""
    extra: int = 0
    """Other events that it received: those of the tests."""
    unanswered: int = 0
    """Events without an answer: they may be in the dataset, or not."""
    rows: int | None = None
    """Rows that the events are seen to have made."""
    complete: bool = False
    """Whether all events that were received are in the dataset, and nothing else is."""
    tested: list[Tested] = field(default_factory=list)

    @property
    def due(self) -> int:
        """The rows that the events should make."""
        return self.accepted + self.extra

    def ingested(self, tested: Tested) -> bool | None:
        """Whether the event of a case is in the dataset; None if that cannot be told."""
        if tested.delivery is None or not self.complete or tested.delivery.status is None:
            return None
        return tested.accepted

    def counts(self, expected: str | None) -> Counts:
        """Events: sent, received, and in the dataset."""
        landed = None if self.rows is None else max(self.rows - self.extra, 0)
        failed = 0 if self.complete and self.accepted == len(self.events) else None
        return Counts(len(self.events), self.accepted, landed, failed, expected)

    def table(self) -> AuthenticationTable | None:
        """The tests of the authentication for reports; None if none was due."""
        if not self.tested:
            return None
        return AuthenticationTable(self.auth.mechanism, tuple(map(self._case, self.tested)))

    def _case(self, tested: Tested) -> AuthenticationCase:
        delivery, case = tested.delivery, tested.case
        if delivery is None:
            return AuthenticationCase(case.name, case.wanted)
        return AuthenticationCase(
            case.name,
            case.wanted,
            sent=True,
            status=delivery.status,
            ingested=self.ingested(tested),
            at=_time(delivery),
            trace=delivery.trace,
            said=delivery.said,
        )

    def tests(self) -> Iterator[AuthenticationTest]:
        """The cases that were sent, with their bodies and answers, for the file that a submission needs."""
        for tested in self.tested:
            request, delivery = tested.case.request, tested.delivery
            if request is not None and delivery is not None and self.inlet is not None:
                yield AuthenticationTest(
                    tested.case.name,
                    f"POST {self.inlet.url}",
                    request.shown,
                    request.body.decode(errors="replace"),
                    delivery.status,
                    None if delivery.status is None else delivery.answer,
                    _time(delivery),
                    delivery.trace,
                    self.ingested(tested),
                )


def _time(delivery: Delivery) -> str:
    return delivery.at.strftime("%Y-%m-%dT%H:%M:%SZ")
