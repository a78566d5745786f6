"""What a trial has shown so far: kept page by page, so that an interrupted trial still has a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.errors import count
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from reconciler.sources.trial import Call, Stop, Trial
from reconciler.trying.report import ShownCall

_FIRST: Final = frozenset({25, 50, 100, 200})
_EVERY: Final = 500
"""Requests between two lines in a log, after the first few lines."""


@dataclass(slots=True)
class Watch:
    """Sees each request and each page of one trial. `step` receives progress, `look` the records of each page."""

    fetch: Fetch
    keep: int
    """How many records are kept."""
    show: Callable[[Call, Request], ShownCall]
    """The form of a call that is kept: requests contain secrets, and large bodies."""
    step: Callable[[str], None]
    look: Callable[[Sequence[Json]], None]
    sent: int = 0
    """Requests that were sent, also those without an answer yet."""
    last: Request | None = None
    calls: list[ShownCall] = field(default_factory=list)
    rows: list[Json] = field(default_factory=list)
    records: int = 0

    def send(self, request: Request) -> Answer | NoAnswer:
        """Send a request, and remember it."""
        self.sent += 1
        waiting = "waiting for " if self.sent in _FIRST or self.sent % _EVERY == 0 else ""
        self.step(f"{waiting}request {self.sent}; {count(self.records, 'record')} so far")
        self.last = request
        return self.fetch(request)

    def called(self, call: Call) -> None:
        """The last request was answered, or has no answer."""
        self.calls.append(self.show(call, self.last or Request(call.method, call.url)))
        self.last = None

    def page(self, _call: Call, records: Sequence[Json]) -> None:
        """A page, as the trial reads it."""
        self.records += len(records)
        self.rows += records[: max(self.keep - len(self.rows), 0)]
        self.look(records)

    def so_far(self, used: dict[str, str]) -> Trial:
        """The trial as far as it went, for one that a signal ended. Its calls are those of this watch."""
        if self.last is not None:
            self.called(Call(len(self.calls) + 1, self.last.method, self.last.url, None, None, 0))
        return Trial((), self.records, tuple(self.rows), Stop("interrupted"), (), used)
