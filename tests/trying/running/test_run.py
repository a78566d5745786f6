from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import GivenFiles
from reconciler.documents.json_text import Document, encode
from reconciler.documents.pointer import Segments
from reconciler.errors import ExitCode, Problem, Severity
from reconciler.proofs.values import Amount, Expect, ExpectedWindow
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from reconciler.sources.request import First
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits, Trial, trial
from reconciler.sources.window import Mode, Window, the_four
from reconciler.trying.options import TryOptions
from reconciler.trying.redactor import Redactor
from reconciler.trying.report import TryReport, WindowCount
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


def test_a_trial_that_held_has_calls_records_and_rows_without_secrets() -> None:
    report = Trials().report()
    assert (report.held, report.exit_code, report.records) == (True, ExitCode.DONE, 5)
    assert [call.url for call in report.calls] == [f"https://x/members?limit=2&offset={number}" for number in (0, 2, 4)]
    assert report.calls[0].headers == (("Authorization", "Bearer ${TOKEN}"),)
    assert TOKEN not in str(report)
    assert report.window == ""
    assert len(report.rows) == 3


def test_progress_counts_requests_and_records() -> None:
    trials = Trials()
    trials.report()
    assert trials.steps == ["request 1; 0 records so far", "request 2; 2 records so far", "request 3; 4 records so far"]


def test_a_log_has_few_lines_of_a_long_trial() -> None:
    trials = Trials(options=TryOptions(pages=1_100), paging=PAGING | {"offSetName": "offset"})

    def endless(request: Request) -> Answer:
        return Answer(200, {}, encode({"rows": [{"id": dict(request.query)["offset"]}, {}], "more": True}), 7)

    trials.fetch = endless
    trials.report()
    assert [step.split(";")[0] for step in trials.steps if step.startswith("waiting")] == [
        f"waiting for request {number}" for number in (25, 50, 100, 200, 500, 1000)
    ]


def test_expectations_are_findings_of_the_proof_file() -> None:
    report = Trials().report(expect=Expect(Amount(6, 6), unique="id"), in_proof=lambda path: ("proof.yaml", len(path), 5))
    (one,) = report.findings
    assert (one.problem.code, one.problem.file, one.problem.line) == ("expected-records", "proof.yaml", 2)
    assert report.exit_code is ExitCode.UNFINISHED


def test_a_part_of_the_time_may_have_fewer_records_than_expected_but_not_more() -> None:
    trials = Trials(options=TryOptions(window=WINDOW))
    assert "expected-records" not in codes(trials.report(expect=Expect(Amount(6, 6))))
    assert "expected-records" in codes(trials.report(expect=Expect(Amount(4, 4))))


def test_a_finding_is_at_its_line_in_the_spec() -> None:
    report = Trials(paging=PAGING | {"offSetName": "start"}, fetch=lambda _: api(Request("GET", "https://x?offset=0"))).report()
    first = report.findings[0].problem
    assert (first.code, first.severity, first.file, first.key) == ("same-page", Severity.ERROR, FILE, "members")
    assert first.line is not None


def test_errors_come_before_warnings_and_each_finding_once() -> None:
    warning, error = (Finding(level, "x", "said", "do it") for level in (Severity.WARNING, Severity.ERROR))
    report = Trials(noticed=lambda _: (warning, error, warning)).report(notes=(Problem(Severity.WARNING, "unused", "not used"),))
    assert [item.problem.severity for item in report.findings] == [Severity.ERROR, Severity.WARNING, Severity.WARNING]
    assert codes(report) == ["x", "unused", "x"]


def test_what_the_fetch_noticed_depends_on_whether_everything_was_read() -> None:
    seen: list[bool] = []

    def noticed(complete: bool) -> tuple[Finding, ...]:
        seen.append(complete)
        return ()

    Trials(noticed=noticed).report()
    Trials(noticed=noticed, options=TryOptions(pages=1)).report()
    assert seen == [True, False]


def test_no_answer_at_all_is_another_failure_than_a_lost_page() -> None:
    lost = NoAnswer("no-answer", f"no connection with {TOKEN}", "check the host")
    report = Trials(fetch=lambda _: lost).report()
    assert (report.unanswered, report.exit_code) == (True, ExitCode.WRONG)
    assert report.findings[0].problem.message == "request 1: no connection with ${TOKEN}"
    late = Trials(fetch=lambda request: api(request) if "offset=0" in request.url else lost).report()
    assert (late.unanswered, late.exit_code) == (False, ExitCode.UNFINISHED)


def test_a_signal_during_a_request_keeps_what_is_known() -> None:
    trials = Trials()

    def interrupted(request: Request) -> Answer | NoAnswer:
        if "offset=2" in request.url:
            trials.stop.asked = True
            raise Signal
        return api(request)

    trials.fetch = interrupted
    report = trials.report()
    assert (report.interrupted, report.held, report.records, len(report.rows)) == (True, False, 2, 2)
    assert [call.status for call in report.calls] == [200, None]
    assert report.assumed


def test_a_stop_that_the_fetch_answers_is_an_interruption_and_no_finding() -> None:
    trials = Trials()

    def stopped(request: Request) -> Answer | NoAnswer:
        if "offset=2" not in request.url:
            return api(request)
        trials.stop.asked = True
        return NoAnswer("interrupted", "the trial was stopped")

    trials.fetch = stopped
    report = trials.report()
    assert (report.interrupted, report.findings) == (True, ())


def test_a_signal_while_alternatives_are_tried_keeps_the_trial() -> None:
    trials = Trials(options=TryOptions(assumptions=True), paging={key: PAGING[key] for key in list(PAGING)[:4]})

    def interrupted(request: Request) -> Answer | NoAnswer:
        if "offset=8" in request.url:
            trials.stop.asked = True
            raise Signal
        return api(request)

    trials.fetch = interrupted
    report = trials.report()
    assert (report.interrupted, report.records) == (True, 5)


def test_a_signal_while_the_fetch_is_asked_what_it_noticed_keeps_the_trial() -> None:
    trials = Trials()

    def noticed(_complete: bool) -> tuple[Finding, ...]:
        trials.stop.asked = True
        raise Signal

    trials.noticed = noticed
    report = trials.report()
    assert (report.interrupted, report.records) == (True, 5)


def test_an_error_that_no_signal_caused_is_raised() -> None:
    def broken(_: Request) -> Answer | NoAnswer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Trials(fetch=broken).report()


def test_a_dry_run_has_the_first_request_and_no_finding() -> None:
    options = TryOptions(dry_run=True, assumptions=True)
    report = Trials(options=options, fetch=lambda _: NoAnswer("interrupted", "nothing was sent")).report(
        expect=Expect(Amount(6, 6))
    )
    assert (report.is_dry, report.held, report.unanswered, report.findings) == (True, True, False, ())
    assert report.more_calls is None
    assert [call.url for call in report.calls] == ["https://x/members?limit=2&offset=0"]


def test_other_assumptions_are_counted_apart_from_the_trial() -> None:
    sent: set[str] = set()

    def seen(request: Request) -> Answer | NoAnswer:
        sent.add(request.url)
        return api(request)

    paging = {key: PAGING[key] for key in list(PAGING)[:4]}
    report = Trials(seen, paging, TryOptions(assumptions=True, pages=6)).report()
    rows = {row.key: row for row in report.assumed}
    assert rows["offset.no-end"].changes_outcome is True
    assert rows["row.wrapped"].changes_outcome is False
    assert report.more_calls == len({call.url for call in report.calls} ^ sent) > 0


def test_a_curl_command_is_only_made_if_asked_for() -> None:
    assert Trials().report().calls[0].curl is None
    made = Trials(options=replace(TryOptions(), curl=True)).report().calls[0].curl
    assert made is not None
    assert '"$RECONCILER_PROOF_TOKEN"' in made


def test_an_error_while_alternatives_are_tried_is_raised() -> None:
    def broken(request: Request) -> Answer | NoAnswer:
        if "offset=8" in request.url:
            raise ZeroDivisionError
        return api(request)

    paging = {key: PAGING[key] for key in list(PAGING)[:4]}
    with pytest.raises(ZeroDivisionError):
        Trials(broken, paging, TryOptions(assumptions=True)).report()


def test_a_signal_between_two_requests_adds_no_call() -> None:
    trials = Trials(options=TryOptions(rows=1))

    def step(message: str) -> None:
        if message.startswith("request 3"):
            trials.stop.asked = True
            raise Signal

    trials.step = step
    report = trials.report()
    assert [call.status for call in report.calls] == [200, 200]
    assert (report.interrupted, report.records, len(report.rows)) == (True, 4, 1)


def test_a_spec_that_sends_nothing_is_not_measured_by_what_is_expected() -> None:
    report = Trials(paging={"type": "SIDEWAYS"}).report(expect=Expect(Amount(6, 6)))
    assert report.calls == ()
    assert report.exit_code is ExitCode.UNFINISHED
    assert "expected-records" not in codes(report)


def test_expected_time_ranges_of_a_spec_that_sends_none_are_an_error() -> None:
    expect = Expect(windows=(ExpectedWindow(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),))
    report = Trials().report(expect=expect)
    assert (codes(report), report.held) == (["expected-window"], False)
    assert codes(Trials(options=TryOptions(dry_run=True)).report(expect=expect)) == []


def test_a_trial_without_records_proves_nothing_unless_none_are_expected() -> None:
    def empty(_request: Request) -> Answer:
        return Answer(200, {}, b'{"rows": [], "more": false}')

    assert codes(Trials(empty).report()) == ["no-records"]
    assert codes(Trials(empty).report(expect=Expect(Amount(1)))) == ["expected-records", "no-records"]
    assert codes(Trials(empty).report(expect=Expect(Amount(0, 0), Amount(0)))) == []
    assert codes(Trials(empty).report(expect=Expect(Amount(0), Amount(0)))) == []


def test_each_time_range_is_counted_and_the_one_of_the_trial_is_not_read_again() -> None:
    trials = Trials(in_time, options=TryOptions(windows=True), schedule=SCHEDULE, others=(WINDOW, DAY))
    report = trials.report()
    assert [window for window, _ in trials.attempts] == [WINDOW, DAY]
    assert report.window == "backfill to 2026-11-27T00:00:00Z"
    assert report.windows == (
        WindowCount(None, "2026-11-27T00:00:00Z", "backfill", 4),
        WindowCount("2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z", "incremental", 1),
    )
    assert (report.records, len(report.calls), report.more_calls, report.findings) == (4, 2, 1, ())
    said = "the records of incremental from 2026-11-26T00:00:00Z to 2026-11-27T00:00:00Z"
    assert [step for step in trials.steps if "records of" in step] == [f"waiting for {said}"]


def test_what_needs_no_network_is_not_waited_for() -> None:
    trials = Trials(in_time, options=TryOptions(windows=True, origin="cassette"), schedule=SCHEDULE, others=(DAY,))
    trials.report()
    assert trials.steps[-1].startswith("the records of incremental")


def test_time_ranges_are_only_tried_if_they_are_asked_for_or_expected() -> None:
    assert Trials(in_time, schedule=SCHEDULE, others=(DAY,)).report().windows == ()
    assert Trials(in_time, options=TryOptions(windows=True), others=(DAY,)).report().windows == ()
    dry = TryOptions(windows=True, dry_run=True)
    assert Trials(in_time, options=dry, schedule=SCHEDULE, others=(DAY,)).report().windows == ()
    assert Trials(in_time, schedule=SCHEDULE).report().more_calls is None


def test_an_expected_time_range_is_compared_at_its_line_of_the_proof() -> None:
    right = Trials(in_time, schedule=SCHEDULE).report(expect=expected((DAY, Amount(1, 1))))
    assert (right.held, right.more_calls, [count.records for count in right.windows]) == (True, 1, [1])
    wrong = Trials(in_time, schedule=SCHEDULE).report(expect=expected((DAY, Amount(2))), in_proof=at_line)
    (one,) = wrong.findings
    assert (one.problem.code, one.problem.file, one.problem.line) == ("expected-records", "proof.yaml", 3)
    assert one.problem.message.endswith("expected at least 2")


def test_an_expected_time_range_that_the_trial_has_read_is_not_read_again() -> None:
    trials = Trials(in_time, schedule=SCHEDULE, window=DAY)
    report = trials.report(expect=expected((DAY, Amount(1, 1))))
    assert ([window for window, _ in trials.attempts], report.more_calls) == ([DAY], 0)
    assert [count.records for count in report.windows] == [1]


def test_a_time_range_is_read_with_the_assumptions_of_the_proof() -> None:
    trials = Trials(in_time, options=TryOptions(windows=True), schedule=SCHEDULE, others=(DAY,))
    trials.report(assume={"offset.step": "received"})
    assert [assumed for _, assumed in trials.attempts] == [{"offset.step": "received"}] * 2


def test_names_of_times_that_the_api_ignores_are_a_finding_at_their_line_in_the_spec() -> None:
    now = datetime(2026, 11, 27, tzinfo=UTC)
    report = Trials(schedule=SCHEDULE, options=TryOptions(windows=True), others=the_four(now)).report()
    assert codes(report) == ["window-ignored", "window-ignored"]
    assert {item.problem.file for item in report.findings} == {FILE}
    assert [count.records for count in report.windows] == [5, 5, 5, 5]


def test_a_time_range_that_fails_like_the_trial_is_reported_once() -> None:
    def refused(request: Request) -> Answer | NoAnswer:
        return in_time(request) if "offset=0" in request.url else Answer(400, {}, b"{}")

    expect = expected((DAY, None))
    one = Trials(refused, schedule=SCHEDULE, window=DAY).report()
    both = Trials(refused, schedule=SCHEDULE, window=DAY).report(expect=expect)
    assert codes(both) == codes(one)


def test_a_signal_while_time_ranges_are_counted_keeps_the_trial() -> None:
    trials = Trials(schedule=SCHEDULE, options=TryOptions(windows=True), others=(DAY,))

    def interrupted(request: Request) -> Answer | NoAnswer:
        if "since" in request.url:
            trials.stop.asked = True
            raise Signal
        return in_time(request)

    trials.fetch = interrupted
    report = trials.report()
    assert (report.interrupted, report.records, report.windows, report.more_calls) == (True, 4, (), 1)


def test_an_error_while_time_ranges_are_counted_is_raised() -> None:
    def broken(request: Request) -> Answer | NoAnswer:
        if "since" in request.url:
            raise ZeroDivisionError
        return in_time(request)

    with pytest.raises(ZeroDivisionError):
        Trials(broken, schedule=SCHEDULE, options=TryOptions(windows=True), others=(DAY,)).report()


def test_an_error_while_the_fetch_is_asked_what_it_noticed_is_raised() -> None:
    def broken(_complete: bool) -> tuple[Finding, ...]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Trials(noticed=broken).report()


def test_a_request_that_a_signal_broke_off_is_no_failure_of_the_third_party() -> None:
    trials = Trials()

    def broken_off(_request: Request) -> NoAnswer:
        trials.stop.asked = True
        return NoAnswer("no-answer", "the connection was closed", "check the host")

    trials.fetch = broken_off
    report = trials.report()
    assert (report.interrupted, report.unanswered, codes(report)) == (True, False, [])


def test_the_same_request_is_only_sent_once_if_alternatives_are_tried() -> None:
    def sent(*, assumptions: bool) -> list[str]:
        urls: list[str] = []

        def same_address(request: Request) -> Answer | NoAnswer:
            urls.append(request.url)
            return Answer(200, {}, encode({"rows": [{"id": 1}], "more": False}), 7)

        options = TryOptions(assumptions=assumptions, windows=True)
        Trials(same_address, schedule=SCHEDULE, options=options, others=(DAY, DAY)).report()
        return [url for url in urls if "since" in url]

    assert len(sent(assumptions=False)) == 2
    assert len(sent(assumptions=True)) == 1


def test_alternatives_are_tried_one_at_a_time_in_the_time_range_of_the_trial() -> None:
    paging = {key: PAGING[key] for key in list(PAGING)[:4]}
    trials = Trials(in_time, paging, TryOptions(assumptions=True, pages=6), schedule=SCHEDULE, window=DAY)
    trials.report(assume={"row.nulls": "kept"})
    assert {window for window, _ in trials.attempts} == {DAY}
    assert {assumed.pop("row.nulls") for _, assumed in trials.attempts} == {"kept"}
    assert [len(assumed) for _, assumed in trials.attempts] == [0, *[1] * (len(trials.attempts) - 1)]
    assert any(step.startswith("trying row.nulls=kept, offset.no-end=") for step in trials.steps)


def test_a_limit_before_the_expected_records_fails_a_trial_that_should_read_everything() -> None:
    expect = Expect(records=Amount(5, 5))

    def codes_with(**options: Any) -> set[str]:
        found = Trials(options=TryOptions(pages=2, **options)).report(expect=expect).findings
        return {item.problem.code for item in found}

    assert "expected-records" in codes_with()
    for part in ({"record": "redacted"}, {"origin": "cassette"}, {"window": WINDOW}):
        assert "expected-records" not in codes_with(**part)
