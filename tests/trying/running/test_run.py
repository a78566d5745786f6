from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reconciler.documents.json_text import encode
from reconciler.errors import ExitCode, Problem, Severity
from reconciler.proofs.values import Amount, Expect, ExpectedWindow
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.trying.options import TryOptions
from tests.trying.running.trials import (
    FILE,
    PAGING,
    TOKEN,
    WINDOW,
    Signal,
    Trials,
    api,
    codes,
)


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
