"""The copy activity: every page that a spec requests, until the spec, the third party or the limit of the engine ends it.

Nothing here reads a spec: requests, pages and records are those of `reconciler.sources`. Unlike a trial, the engine does not notice that it
reads the same page again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.emulator.dataplane.reading import Reading
from reconciler.emulator.dataplane.runs.results import COPY, PROCESS, Failure
from reconciler.emulator.switches.runs import MAX_REQUESTS
from reconciler.errors import Severity
from reconciler.sources.answers.decoding import decoded
from reconciler.sources.answers.jsonpath import Missing, Reply
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from reconciler.sources.paging.choice import pagination_of
from reconciler.sources.paging.turn import Page, Pagination, Stop
from reconciler.sources.request import first_request
from reconciler.sources.window import Window

Take = Callable[["CopiedPage"], None]
_RATE_LIMITED: Final = 429
_NO_CONTENT: Final = 204
_REPEATS: Final = 3
"""How often a request is repeated that was refused with HTTP 429."""


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """One page: its bytes, which tell whether two are the same, its number of records, and its rows as the mapping sees them."""

    content: bytes
    records: int
    rows: Callable[[], list[Json]]


@dataclass(slots=True)
class Copied:
    """What was copied. `failure` is why it ended early."""

    requests: int = 0
    pages: int = 0
    records: int = 0
    size: int = 0
    failure: Failure | None = None


def copied(reading: Reading, window: Window | None, assumed: Assumptions, fetch: Fetch, take: Take) -> Copied:
    """Fetch all pages of a time range; `take` gets each."""
    first = first_request(reading.source, reading.values, window, assumed)
    pagination, settings = pagination_of(reading.source, reading.values, assumed)
    if first.request is None or pagination is None:
        return Copied(failure=_refused((*first.findings, *settings.findings)))
    copy = _Copy(reading, assumed, fetch, take, pagination)
    request: Request | Stop = pagination.first(first.request)
    most = int(assumed.of(MAX_REQUESTS))
    while isinstance(request, Request) and copy.done.requests < most:
        request = copy.one_page(request)
    return copy.done


@dataclass(slots=True)
class _Copy:
    reading: Reading
    assumed: Assumptions
    fetch: Fetch
    take: Take
    pagination: Pagination
    done: Copied = field(default_factory=Copied)
    last: tuple[bytes, Json | Missing] | None = None

    def one_page(self, request: Request) -> Request | Stop:
        """What follows one request; a failure is noted."""
        answer = self._answer(request)
        if isinstance(answer, NoAnswer):
            return self._fail(COPY, answer.reason)
        if answer.status == _NO_CONTENT:
            return Stop("HTTP 204")
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - the statuses of success
            return self._fail(
                COPY, f"A connection attempt failed: request {self.done.requests} was answered with HTTP {answer.status}"
            )
        body, reason = self._body(answer)
        if reason is not None:
            return self._fail(PROCESS, f"answer {self.done.requests} {reason}")
        records = self.reading.contents.of(body)
        if isinstance(records, Finding):
            return self._fail(PROCESS, _words(records))
        self.done.pages += 1
        self.done.records += len(records)
        self.done.size += len(answer.content)
        self.take(CopiedPage(answer.content, len(records), lambda: list(self.reading.contents.rows(body, records))))
        turn = self.pagination.after(Page(self.done.pages, request, Reply(answer.headers, body), len(records)))
        wrong = [item for item in turn.findings if item.severity is Severity.ERROR]
        if isinstance(turn.next, Stop) and wrong:
            return self._fail(COPY, _words(wrong[0]))
        return turn.next

    def _answer(self, request: Request) -> Answer | NoAnswer:
        """The answer, after as many repetitions as the evidence table allows."""
        self.done.requests += 1
        answer = self.fetch(request)
        for _ in range(_REPEATS):
            if isinstance(answer, NoAnswer) or answer.status != _RATE_LIMITED or self.assumed.of("http.429") == "fails":
                break
            answer = self.fetch(request)
        return answer

    def _body(self, answer: Answer) -> tuple[Json | Missing, str | None]:
        """The JSON of an answer. One like the last is not decoded again: a run that never ends reads the same page 10,000 times."""
        if self.last is not None and self.last[0] == answer.content:
            return self.last[1], None
        body, reason = decoded(answer, self.assumed)
        self.last = None if reason is not None else (answer.content, body)
        return body, reason

    def _fail(self, code: str, reason: str) -> Stop:
        self.done.failure = Failure(code, reason)
        return Stop(reason)


def _refused(findings: tuple[Finding, ...]) -> Failure:
    wrong = next((item for item in findings if item.severity is Severity.ERROR), None)
    return Failure(COPY, _words(wrong) if wrong else "the spec makes no request")


def _words(finding: Finding) -> str:
    """A finding with its code, if that is one of Flow Service."""
    return f"{finding.code}-400: {finding.message}" if finding.code.isdecimal() else finding.message
