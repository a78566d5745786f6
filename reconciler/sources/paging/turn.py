"""What follows one answer: the next request, or the end of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from reconciler.sources.answers.jsonpath import Reply
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Request


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the trial ended, and the row of the evidence table that decided it, if one did."""

    reason: str
    evidence: str | None = None
    by_source: bool = False
    """Whether the third party itself said that there is no more."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page that was read: its number from 1, its request, its answer, and how many records it has."""

    number: int
    request: Request
    reply: Reply
    records: int


@dataclass(frozen=True, slots=True)
class Turn:
    """The next request, or the reason to stop; findings of this step."""

    next: Request | Stop
    findings: tuple[Finding, ...] = ()


class Pagination(Protocol):
    """One type of pagination, for one run: it counts what it has sent."""

    @property
    def limit(self) -> int | None:
        """Records that each page should have at most; None if the type does not send it."""

    def first(self, request: Request) -> Request:
        """The first request, with the parameters of the pagination."""

    def after(self, page: Page) -> Turn:
        """What follows this page."""

    def at_end(self) -> tuple[Finding, ...]:
        """Findings that only the whole run can give."""
