"""One run, whose parts a test may replace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import GivenFiles
from reconciler.documents.json_text import Document, encode
from reconciler.documents.pointer import Segments
from reconciler.proofs.values import Amount, Expect, ExpectedWindow
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from reconciler.sources.request import First
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits, Trial, trial
from reconciler.sources.window import Mode, Window
from reconciler.trying.options import TryOptions
from reconciler.trying.redactor import Redactor
from reconciler.trying.report import TryReport
from reconciler.trying.running.run import Run, Subject
from reconciler.trying.running.watching import Watch

TOKEN = "hunter2-and-more"
WINDOW = Window(Mode.BACKFILL, None, datetime(2026, 11, 27, tzinfo=UTC))
FILE = "specs/sources/members/connection-spec.yaml"
PAGING = {
    "type": "OFFSET",
    "limitName": "limit",
    "limitValue": "2",
    "offSetName": "offset",
    "endConditionName": "$.more",
    "endConditionValue": "Const:false",
}


SCHEDULE = {"scheduleStartParamName": "since", "scheduleEndParamName": "until"}
DAY = Window(Mode.INCREMENTAL, datetime(2026, 11, 26, tzinfo=UTC), datetime(2026, 11, 27, tzinfo=UTC))


def spec_of(paging: Document, schedule: Document) -> DesiredSpec:
    attributes: Document = {"urlParams": {"host": "https://x"}, "contentPath": {"path": "$.rows"}, "paginationParams": paging}
    attributes |= {"scheduleParams": schedule} if schedule else {}
    body = {
        "name": "Members",
        "type": "generic-rest",
        "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",
        "version": "1.0",
        "sourceSpec": {"attributes": attributes},
    }
    files = {"sources/members/connection-spec.yaml": encode({"kind": "ConnectionSpec", "spec": body})}
    return load_desired(GivenFiles(files), "stage").specs[0]


def api(request: Request) -> Answer | NoAnswer:
    """Five records, two a page; each repeats the credential."""
    offset = int(dict(request.query).get("offset", "0"))
    rows = [{"id": number, "seen": TOKEN} for number in range(5)][offset : offset + 2]
    return Answer(200, {"content-type": "application/json"}, encode({"rows": rows, "more": offset + 2 < 5}), 7)


@dataclass
class Stopping:
    asked: bool = False

    def is_set(self) -> bool:
        return self.asked


class Signal(BaseException):
    """What a signal handler raises."""


@dataclass
class Trials:
    """One run, whose parts a test may replace."""

    fetch: Fetch = api
    paging: Document = field(default_factory=lambda: dict(PAGING))
    options: TryOptions = field(default_factory=TryOptions)
    stop: Stopping = field(default_factory=Stopping)
    noticed: Callable[[bool], Iterable[Finding]] = lambda _complete: ()
    steps: list[str] = field(default_factory=list)
    step: Callable[[str], None] | None = None
    schedule: Document = field(default_factory=dict)
    window: Window = WINDOW
    others: tuple[Window, ...] = ()
    attempts: list[tuple[Window | None, dict[str, str]]] = field(default_factory=list)
    """The time range and the assumptions of each trial."""

    def report(self, **about: Any) -> TryReport:
        spec = spec_of(self.paging, self.schedule)
        subject = Subject(spec, Source(spec.body), "Bearer", **about)

        def attempt(fetch: Fetch, window: Window | None, assumed: Assumptions, watch: Watch | None) -> Trial:
            self.attempts.append((window, dict(assumed.overrides)))
            times = {"since": window.start, "until": window.end} if window and self.schedule else {}
            query = "&".join(f"{name}={moment:%Y-%m-%d}" for name, moment in times.items() if moment)
            url = f"https://x/members?{query}" if query else "https://x/members"
            first = First(Request("GET", url, (("Authorization", f"Bearer {TOKEN}"),)))
            limits = Limits(self.options.pages, self.options.rows)
            if watch is None:
                return trial(subject.source, first, fetch, limits, assumed)
            return trial(subject.source, first, fetch, limits, assumed, watch.called, on_page=watch.page)

        hide = Redactor({"TOKEN": Secret(TOKEN)})
        return Run(
            subject,
            self.options,
            attempt,
            self.fetch,
            hide,
            self.step or self.steps.append,
            self.stop,
            self.window,
            self.others,
            self.noticed,
        ).report()


def in_time(request: Request) -> Answer | NoAnswer:
    """Five records, one on each day from the 23rd to the 27th; a range has those from `since` up to `until`, two a page."""
    query = dict(request.query)
    days = [day for day in range(23, 28) if query.get("since", "") <= f"2026-11-{day}" < query.get("until", "3")]
    offset = int(query.get("offset", "0"))
    rows = [{"id": day} for day in days][offset : offset + 2]
    return Answer(200, {"content-type": "application/json"}, encode({"rows": rows, "more": offset + 2 < len(days)}), 7)


def expected(*windows: tuple[Window, Amount | None]) -> Expect:
    ranges = [(window.start or window.end, window.end, amount) for window, amount in windows]
    return Expect(windows=tuple(ExpectedWindow(start, end, amount) for start, end, amount in ranges if start and end))


def at_line(path: Segments) -> tuple[str, int, int]:
    return "proof.yaml", len(path), 5


def codes(report: TryReport) -> list[str]:
    return [item.problem.code for item in report.findings]
