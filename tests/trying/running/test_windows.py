from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reconciler.errors import Severity
from reconciler.proofs.values import Amount, Expect, ExpectedWindow
from reconciler.sources.findings import Finding
from reconciler.sources.source import Source
from reconciler.sources.trial import Stop, Trial
from reconciler.sources.window import Mode, Window, the_four
from reconciler.trying.running.windows import Counted, count_windows, without_schedule, words_of

NOW = datetime(2026, 11, 27, tzinfo=UTC)
DAY = datetime(2026, 11, 26, tzinfo=UTC)
SOURCE = Source(
    {"sourceSpec": {"attributes": {"scheduleParams": {"scheduleStartParamName": "since", "scheduleEndParamName": "until"}}}}
)


def counted(window: Window, records: int, *codes: str) -> Counted:
    found = tuple(Finding(Severity.ERROR, code, "HTTP 400", "look") for code in codes)
    return Counted(window, Trial((), records, (), Stop("the end"), found, {}))


def test_the_records_of_each_range_show_what_the_api_ignores() -> None:
    counts, findings = count_windows(SOURCE, Expect(), the_four(NOW), lambda window: counted(window, 237))
    assert [count.records for count in counts] == [237] * 4
    assert [finding.code for finding in findings] == ["window-ignored", "window-ignored"]


def test_a_range_that_cannot_be_read_has_no_count_and_one_finding() -> None:
    counts, findings = count_windows(SOURCE, Expect(), the_four(NOW)[:2], lambda window: counted(window, 0, "http-status"))
    assert [count.records for count in counts] == [None, None]
    (one,) = findings
    assert one.message == "the records of backfill to 2026-11-27T00:00:00Z could not be counted: HTTP 400"


def test_a_range_with_more_than_the_limit_is_a_lower_bound() -> None:
    counts, _ = count_windows(SOURCE, Expect(), the_four(NOW)[:1], lambda window: counted(window, 25, "page-budget"))
    assert (counts[0].records, counts[0].is_least) == (25, True)


def expected(records: int, *codes: str) -> list[Finding]:
    expect = Expect(windows=(ExpectedWindow(DAY, NOW, Amount(3, 3)),))
    return list(count_windows(SOURCE, expect, (), lambda window: counted(window, records, *codes))[1])


def test_an_expected_range_is_compared_at_its_line() -> None:
    assert expected(3) == []
    (one,) = expected(4)
    assert (one.code, one.path) == ("expected-records", ("expect", "windows", "0"))
    assert one.message == "read 4 records of incremental from 2026-11-26T00:00:00Z to 2026-11-27T00:00:00Z, expected 3"
    assert [finding.code for finding in expected(0, "no-answer")] == ["no-answer"]


def test_too_few_of_a_range_that_was_cut_short_prove_nothing_and_too_many_do() -> None:
    assert expected(2, "page-budget") == []
    assert [finding.code for finding in expected(4, "page-budget")] == ["expected-records"]


def test_a_range_in_words() -> None:
    assert words_of(None) == ""
    assert words_of(Window(Mode.PREVIEW)) == "preview"
    assert words_of(Window(Mode.INCREMENTAL, DAY, NOW)) == "incremental from 2026-11-26T00:00:00Z to 2026-11-27T00:00:00Z"


@pytest.mark.parametrize("code", ["1313", "1315", "pointer-address", "no-request", "host-refused"])
def test_a_range_whose_records_were_not_found_is_not_a_range_without_records(code: str) -> None:
    counts, findings = count_windows(SOURCE, Expect(), the_four(NOW)[3:], lambda window: counted(window, 0, code))
    assert counts[0].records is None
    assert [finding.code for finding in findings] == [code]


def test_ranges_are_not_expected_of_a_spec_that_sends_none() -> None:
    (finding,) = without_schedule(Expect(windows=(ExpectedWindow(DAY, NOW, None),)))
    assert (finding.severity, finding.code, finding.path) == (Severity.ERROR, "expected-window", ("expect", "windows"))
    assert list(without_schedule(Expect())) == []


@pytest.mark.parametrize("codes", [(), ("page-budget",)])
def test_an_expected_range_without_a_number_is_counted_and_not_judged(codes: tuple[str, ...]) -> None:
    expect = Expect(windows=(ExpectedWindow(DAY, NOW, None),))
    counts, findings = count_windows(SOURCE, expect, (), lambda window: counted(window, 7, *codes))
    assert ([count.records for count in counts], findings) == ([7], ())


def test_as_many_as_expected_of_a_range_that_was_cut_short_may_be_right() -> None:
    assert expected(3, "page-budget") == []


def test_an_expected_range_without_an_upper_bound_is_never_exceeded() -> None:
    expect = Expect(windows=(ExpectedWindow(DAY, NOW, Amount(9)),))
    assert count_windows(SOURCE, expect, (), lambda window: counted(window, 2, "page-budget"))[1] == ()
    assert [item.code for item in count_windows(SOURCE, expect, (), lambda window: counted(window, 2))[1]] == ["expected-records"]


def test_a_range_that_could_not_be_read_says_the_error_that_was_the_cause() -> None:
    found = (
        Finding(Severity.WARNING, "query-twice", "twice", "look"),
        Finding(Severity.ERROR, "http-status", "HTTP 400", "look"),
    )

    def number_of(window: Window) -> Counted:
        return Counted(window, Trial((), 0, (), Stop("the end"), found, {}))

    assert [item.code for item in count_windows(SOURCE, Expect(), the_four(NOW), number_of)[1]] == ["http-status"]
