"""The loop of a trial: request, answer, records, next request, until the spec or a limit ends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from reconciler.documents.json_text import Document, Json
from reconciler.errors import Severity, count
from reconciler.sources.answers.decoding import decoded
from reconciler.sources.answers.jsonpath import Missing, Reply
from reconciler.sources.answers.statuses import hint_for
from reconciler.sources.calls import Call as Call  # noqa: PLC0414 - part of a Trial
from reconciler.sources.calls import Limits as Limits  # noqa: PLC0414 - an argument of trial()
from reconciler.sources.calls import OnCall
from reconciler.sources.calls import OnPage as OnPage  # noqa: PLC0414 - an argument of trial()
from reconciler.sources.checks.advice import turning_the_page
from reconciler.sources.checks.probes import probes
from reconciler.sources.checks.repeats import Again, Repeats
from reconciler.sources.checks.signs import Signs
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import FINDINGS, Finding, found
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from reconciler.sources.paging.choice import pagination_of
from reconciler.sources.paging.settings import Settings
from reconciler.sources.paging.turn import Page, Pagination
from reconciler.sources.paging.turn import Stop as Stop  # noqa: PLC0414 - part of a Trial
from reconciler.sources.records import Records, records_of
from reconciler.sources.source import PAGINATION, Source
from reconciler.sources.values import Values

_UNFINISHED = frozenset(
    {
        "page-budget",
        "no-answer",
        "not-recorded",
        "pointer-not-text",
        "pointer-address",
        "token-not-text",
        "header-name",
        "header-value",
    }
)
"""Findings after which nothing can be said about the end."""
_ABSENT = frozenset({"token-absent-on-first-page"})
_NO_CONTENT = 204
_RATE_LIMITED = 429
_REPEATS = 3
"""How often a request is repeated that was refused with HTTP 429."""
_MOST = 10_000
"""Requests of one run."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one trial did and found."""

    calls: tuple[Call, ...]
    records: int
    """Records before `explodeEntityPath`. A page that repeats an earlier one is not counted."""
    rows: tuple[Json, ...]
    """The first rows, as the mapping sees them."""
    stop: Stop
    findings: tuple[Finding, ...]
    used: dict[str, str]
    """The rows of the evidence table that the trial relied on, with their values."""
    pages: int = 0
    """Pages that were read: answers with an array of records."""


class Start(Protocol):
    """The first request of a spec, or why it has none."""

    @property
    def request(self) -> Request | None: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...


def trial(
    source: Source,
    first: Start,
    fetch: Fetch,
    limits: Limits,
    assumed: Assumptions,
    on_call: OnCall | None = None,
    *,
    values: Values | None = None,
    on_page: OnPage | None = None,
) -> Trial:
    """Read what the spec reads, page by page, and report what is wrong. `values` fill in `paginationParams`."""
    pagination, settings = pagination_of(source, values or Values(), assumed)
    records, wrong = records_of(source, assumed)
    findings = [*first.findings, *settings.findings, *wrong]
    if first.request is None or pagination is None or records.content is None:
        return Trial((), 0, (), Stop("the spec makes no request"), tuple(findings), assumed.used)
    run = _Run(fetch, limits, assumed, pagination, settings, records, on_call, on_page, findings)
    request = pagination.first(first.request)
    stop = run.all_pages(request)
    run.conclude(request, stop)
    return Trial(tuple(run.calls), run.count, tuple(run.rows), stop, tuple(run.findings), assumed.used, run.pages)


@dataclass(slots=True)
class _Run:
    fetch: Fetch
    limits: Limits
    assumed: Assumptions
    pagination: Pagination
    settings: Settings
    records: Records
    on_call: OnCall | None
    on_page: OnPage | None
    findings: list[Finding]
    calls: list[Call] = field(default_factory=list)
    rows: list[Json] = field(default_factory=list)
    count: int = 0
    pages: int = 0
    repeats: Repeats = field(default_factory=Repeats)
    signs: Signs = field(init=False)

    def __post_init__(self) -> None:
        by_limit = self._kind == "OFFSET" and self.assumed.value("offset.step") == "limit"
        content = self.records.content
        self.signs = Signs(self._kind, self.pagination.limit, by_limit, holders=content.steps[:-1] if content else ())

    @property
    def _kind(self) -> str:
        return self.settings.text("type") or "NONE"

    def all_pages(self, request: Request) -> Stop:
        """Read pages until something stops the run."""
        self.repeats.sent(request)
        while True:
            following = self._one_page(request)
            if isinstance(following, Stop):
                return following
            if self.repeats.sent(following):
                self.assumed.of("loop.endless")
                self._found("loop", f"request {len(self.calls)} is followed by a request that was made before", path=PAGINATION)
                return Stop("loop", "loop.endless")
            if len(self.calls) >= _MOST:
                self.assumed.of("run.max-requests")
                self._found(
                    "page-budget", f"a run ends after {_MOST:,} requests, and there are more pages", "request larger pages"
                )
                return Stop(f"{_MOST:,} requests", "run.max-requests")
            if len(self.calls) >= self.limits.pages:
                self._found("page-budget", f"the trial ended after {count(len(self.calls), 'request')}, and there are more pages")
                return Stop(f"the limit of {count(len(self.calls), 'request')}")
            request = following

    def _one_page(self, request: Request) -> Request | Stop:
        answer = self._answer(request)
        if isinstance(answer, NoAnswer):
            return self._unanswered(request, answer)
        body = self._body(request, answer)
        if isinstance(body, Stop):
            return body
        records = self.records.of(body)
        if isinstance(records, Finding):
            self._called(request, answer, None)
            self._found(records.code, records.message, records.hint, records.path)
            return Stop("the records cannot be read")
        call = self._called(request, answer, len(records))
        again = self.repeats.read(call.number, records, answer.content)
        if again is not None:
            return self._again(again)
        self._count(call, records, body)
        reply = Reply(answer.headers, body)
        self.signs.page(self.pages, reply, len(records))
        turn = self.pagination.after(Page(self.pages, request, reply, len(records)))
        for item in turn.findings:
            self._found(item.code, item.message, item.hint, item.path)
        return turn.next

    def _answer(self, request: Request) -> Answer | NoAnswer:
        """The answer, after as many repetitions as the evidence table allows."""
        answer = self.fetch(request)
        for _ in range(_REPEATS):
            if isinstance(answer, NoAnswer) or answer.status != _RATE_LIMITED or self.assumed.of("http.429") == "fails":
                break
            self._called(request, answer, None)
            self._limited()
            answer = self.fetch(request)
        return answer

    def _unanswered(self, request: Request, answer: NoAnswer) -> Stop:
        self._called(request, answer, None)
        code = answer.code if answer.code in FINDINGS else "no-answer"
        self._found(code, answer.reason, answer.hint)
        return Stop("no answer")

    def _body(self, request: Request, answer: Answer) -> Json | Missing | Stop:
        """The JSON of an answer, or the reason to stop."""
        if answer.status == _NO_CONTENT:
            self.assumed.of("http.204")
            self._called(request, answer, None)
            return Stop("HTTP 204", "http.204", by_source=True)
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - the statuses of success
            return self._failed(request, answer)
        body, reason = decoded(answer, self.assumed)
        if reason is not None:
            call = self._called(request, answer, None)
            self._found("not-json", f"answer {call.number} {reason}")
            return Stop("an answer that is not JSON")
        return body

    def _failed(self, request: Request, answer: Answer) -> Stop:
        call = self._called(request, answer, None)
        self._found(
            "http-status", f"request {call.number} was answered with HTTP {answer.status}", hint_for(answer.status, self.pages)
        )
        if answer.status == _RATE_LIMITED:
            self.assumed.of("http.429")
            self._limited()
            return Stop("HTTP 429", "http.429")
        self.assumed.of("http.error")
        return Stop(f"HTTP {answer.status}", "http.error")

    def _limited(self) -> None:
        if all(item.code != "rate-limited" for item in self.findings):
            self._found("rate-limited", f"the API refused request {len(self.calls)} with HTTP 429: too many requests")

    def _called(self, request: Request, answer: Answer | NoAnswer, records: int | None, *, probe: bool = False) -> Call:
        status = answer.status if isinstance(answer, Answer) else None
        call = Call(len(self.calls) + 1, request.method, request.url, status, records, answer.milliseconds, probe)
        self.calls.append(call)
        if self.on_call is not None:
            self.on_call(call)
        return call

    def _count(self, call: Call, records: list[Document], body: Json) -> None:
        self.count += len(records)
        self.pages += 1
        if self.pages == 1 and (lacking := self.records.lacks_inner(body, records)):
            self._found(lacking.code, lacking.message, lacking.hint, lacking.path)
        if len(self.rows) < self.limits.rows:
            for row in self.records.rows(body, records):
                self.rows.append(row)
                if len(self.rows) >= self.limits.rows:
                    break
        if self.on_page is not None:
            self.on_page(call, records)

    def _again(self, again: Again) -> Stop:
        number = len(self.calls)
        if again is Again.PREVIOUS:
            path, hint = turning_the_page(self.settings)
            self._found("same-page", f"answer {number} has the same records as answer {number - 1}", hint, path)
            return Stop("same page again")
        self.assumed.of("loop.endless")
        self._found("loop", f"answer {number} has the same records as an earlier answer", path=PAGINATION)
        return Stop("loop", "loop.endless")

    def conclude(self, request: Request, stop: Stop) -> None:
        """Add what only the whole run shows."""
        codes = {item.code for item in self.findings}
        failed = any(item.severity is Severity.ERROR for item in self.findings)
        unfinished = bool(codes & _UNFINISHED)
        if not failed and not unfinished:
            self._probe(request, stop)
        elif self.signs.has_gap:
            self.findings.append(self.signs.gap())
        if not failed:
            self.findings += self.pagination.at_end()
        self.findings += self.repeats.duplicates()
        signs = self.signs.findings(stop, failed=failed, unfinished=unfinished)
        self.findings += (item for item in signs if not (codes & _ABSENT and item.code == "one-page-only"))

    def _probe(self, request: Request, stop: Stop) -> None:
        settled = False
        for probe in probes(self.pagination, request, self.signs, stop):
            records = self._probed(probe.request) if len(self.calls) < self.limits.pages else None
            if records is None:
                continue
            settled |= probe.settles_gap
            known = self.repeats.known(records)
            if known < len(records) and (probe.settles_gap or not known):
                self.findings.append(probe.finding)
                self.signs.after_short |= probe.settles_gap
            else:
                self.signs.after_short = False
        if self.signs.has_gap and not settled:
            self.findings.append(self.signs.gap())

    def _probed(self, request: Request) -> list[Document] | None:
        """The records of a request that the spec does not make; None if it has no usable answer."""
        answer = self.fetch(request)
        if isinstance(answer, NoAnswer) or not 200 <= answer.status < 300:  # noqa: PLR2004 - the statuses of success
            self._called(request, answer, None, probe=True)
            return None
        records = self.records.of(decoded(answer, self.assumed)[0])
        usable = None if isinstance(records, Finding) else records
        self._called(request, answer, None if usable is None else len(usable), probe=True)
        return usable

    def _found(self, code: str, message: str, hint: str | None = None, path: tuple[str, ...] | None = None) -> None:
        self.findings.append(found(code, message, hint, path, len(self.calls)))
