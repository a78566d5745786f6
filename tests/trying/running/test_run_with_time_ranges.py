"""Time ranges, alternatives and the limit of requests in one run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.documents.json_text import encode
from reconciler.proofs.values import Amount, Expect
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.sources.window import the_four
from reconciler.trying.options import TryOptions
from reconciler.trying.report import WindowCount
from tests.trying.running.trials import (
    DAY,
    FILE,
    PAGING,
    SCHEDULE,
    WINDOW,
    Signal,
    Trials,
    at_line,
    codes,
    expected,
    in_time,
)


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
