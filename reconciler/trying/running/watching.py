"""What a trial has shown so far: kept page by page, so that an interrupted trial still has a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.errors import count
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from reconciler.sources.trial import Call, Stop, Trial

_EVERY: Final = 25
"""Requests between two lines in a log."""


@dataclass(slots=True)
class Watch:
    """Sees each request and each page of one trial. `step` receives progress, `look` the records of each page."""

    fetch: Fetch
    keep: int
    """How many records are kept."""
    step: Callable[[str], None]
    look: Callable[[Sequence[Json]], None]
    requests: list[Request] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    rows: list[Json] = field(default_factory=list)
    records: int = 0

    def send(self, request: Request) -> Answer | NoAnswer:
        """Send a request, and remember it."""
        self.requests.append(request)
        number = len(self.requests)
        waiting = "waiting for " if number % _EVERY == 0 else ""
        self.step(f"{waiting}request {number}; {count(self.records, 'record')} so far")
        return self.fetch(request)

    def called(self, call: Call) -> None:
        """A request was answered, or has no answer."""
        self.calls.append(call)

    def page(self, _call: Call, records: Sequence[Json]) -> None:
        """A page, as the trial reads it."""
        self.records += len(records)
        self.rows += records[: max(self.keep - len(self.rows), 0)]
        self.look(records)

    def so_far(self, used: dict[str, str]) -> Trial:
        """The trial as far as it went, for one that a signal ended."""
        calls = list(self.calls)
        for number, request in enumerate(self.requests[len(calls) :], start=len(calls) + 1):
            calls.append(Call(number, request.method, request.url, None, None, 0))
        return Trial(tuple(calls), self.records, tuple(self.rows), Stop("interrupted"), (), used)
