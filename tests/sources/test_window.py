"""The numbers of records in several time ranges tell right names of a schedule from wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import Document
from reconciler.errors import Severity
from reconciler.sources.findings import Finding
from reconciler.sources.source import Source
from reconciler.sources.window import Mode, Window, compare_windows, the_four

NOW = datetime(2024, 2, 1, tzinfo=UTC)
START, END = "scheduleStartParamName", "scheduleEndParamName"
SCHEDULE = {START: "updated_after", END: "updated_before"}


def day(year: int, month: int, number: int) -> Window:
    return Window(Mode.INCREMENTAL, datetime(year, month, number, tzinfo=UTC), datetime(year, month, number + 1, tzinfo=UTC))


MEASURED = (Window(Mode.BACKFILL, None, NOW), day(2024, 1, 5), day(1970, 1, 1), day(2100, 1, 1))
"""The time ranges that were measured, of an API with 237 records."""


def source(schedule: Document) -> Source:
    return Source({"sourceSpec": {"attributes": {"scheduleParams": schedule}}})


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(item.code, item.path[-1] if item.path else "") for item in findings]


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ((79, 3, 0, 0), []),
        ((79, 14, 0, 237), [("window-ignored", START)]),
        ((237, 226, 237, 0), [("window-ignored", END)]),
        ((237, 237, 237, 237), [("window-ignored", START), ("window-ignored", END)]),
        ((158, 0, 0, 0), [("window-swapped", START)]),
        ((), []),
    ],
    ids=["right", "start name wrong", "end name wrong", "both wrong", "swapped", "refused format"],
)
def test_measured_numbers_tell_the_mistakes_apart(numbers: tuple[int, ...], wanted: list[tuple[str, str]]) -> None:
    assert told(compare_windows(list(zip(MEASURED, numbers, strict=False)), source(SCHEDULE))) == wanted


ITEMS = st.lists(st.datetimes(datetime(2001, 1, 1), datetime(2026, 11, 1)), min_size=1, max_size=30)  # noqa: DTZ001 - made UTC
Read = Callable[[Window], tuple[datetime | None, datetime | None]]
MISTAKES: dict[str, tuple[Read, list[tuple[str, str]]]] = {
    "right": (lambda window: (window.start, window.end), []),
    "start ignored": (lambda window: (None, window.end), [("window-ignored", START)]),
    "end ignored": (lambda window: (window.start, None), [("window-ignored", END)]),
    "both ignored": (lambda _: (None, None), [("window-ignored", START), ("window-ignored", END)]),
    "swapped": (lambda window: (window.end, window.start), [("window-swapped", START)]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@given(times=ITEMS)
def test_the_four_tell_the_mistakes_apart_whenever_the_records_changed(mistake: str, times: list[datetime]) -> None:
    read, wanted = MISTAKES[mistake]

    def number(window: Window) -> int:
        start, end = read(window)
        utc = [time.replace(tzinfo=UTC) for time in times]
        return sum((start is None or time >= start) and (end is None or time < end) for time in utc)

    counted = [(window, number(window)) for window in the_four(datetime(2026, 11, 27, tzinfo=UTC))]
    findings = compare_windows(counted, source(SCHEDULE))
    assert told(findings) == wanted
    assert all(item.severity is Severity.ERROR for item in findings)


def counted(*numbers: int) -> list[tuple[Window, int]]:
    return list(zip(the_four(NOW), numbers, strict=True))


def test_the_four_are_two_of_today_and_two_that_are_empty() -> None:
    day = timedelta(days=1)
    assert [(window.mode.value, window.start, window.end) for window in the_four(NOW)] == [
        ("backfill", None, NOW),
        ("incremental", NOW - day, NOW),
        ("backfill", None, datetime(1970, 1, 2, tzinfo=UTC)),
        ("incremental", datetime(2100, 1, 1, tzinfo=UTC), datetime(2100, 1, 2, tzinfo=UTC)),
    ]


def test_a_finding_names_the_parameter_and_its_numbers() -> None:
    ignored = compare_windows(counted(1500, 1, 1500, 1500), source(SCHEDULE))
    assert [(item.message, item.hint) for item in ignored] == [
        (
            "the API ignores `updated_after`: a day in 2100 has 1,500 records",
            "write the parameter that the API reads as the start",
        ),
        (
            "the API ignores `updated_before`: the time up to 1970 has 1,500 records",
            "write the parameter that the API reads as the end",
        ),
    ]
    (swapped,) = compare_windows(counted(1, 0, 1500, 0), source(SCHEDULE))
    assert (swapped.message, swapped.hint) == (
        "start and end are swapped: up to 1970 there are 1,500 records, and up to the end 1",
        "write `updated_before` as the start and `updated_after` as the end",
    )


def test_half_of_the_records_is_where_swapped_names_begin() -> None:
    assert told(compare_windows(counted(5, 0, 10, 0), source(SCHEDULE))) == [("window-ignored", END)]
    assert told(compare_windows(counted(4, 0, 10, 0), source(SCHEDULE))) == [("window-swapped", START)]
    assert told(compare_windows(counted(100, 0, 90, 0), source(SCHEDULE))) == [("window-ignored", END)]
    assert told(compare_windows(counted(100, 0, 89, 0), source(SCHEDULE))) == []
    assert told(compare_windows(counted(100, 0, 0, 90), source(SCHEDULE))) == [("window-ignored", START)]
    assert told(compare_windows(counted(100, 0, 0, 89), source(SCHEDULE))) == []


def test_a_few_records_of_the_first_day_of_1970_are_no_mistake() -> None:
    assert compare_windows(counted(237, 0, 3, 0), source(SCHEDULE)) == ()
    assert compare_windows(counted(237, 0, 0, 2), source(SCHEDULE)) == ()


def test_records_that_come_and_go_between_trials_change_nothing() -> None:
    assert told(compare_windows(counted(100, 1, 97, 0), source(SCHEDULE))) == [("window-ignored", END)]
    assert told(compare_windows(counted(2, 0, 237, 0), source(SCHEDULE))) == [("window-swapped", START)]


def test_a_future_with_records_is_told_without_the_whole() -> None:
    future = [(the_four(NOW)[3], 25)]
    assert told(compare_windows(future, source(SCHEDULE))) == [("window-ignored", START)]


def test_no_records_anywhere_prove_nothing() -> None:
    (finding,) = compare_windows(counted(0, 0, 0, 0), source(SCHEDULE))
    assert (finding.code, finding.severity) == ("window-empty", Severity.WARNING)


def test_the_query_of_an_advance_schedule_is_named_where_its_time_is() -> None:
    advance = {"type": "ADVANCE", "incremental": "u>{START_TIME}", "backfill": "u<{END_TIME}"}
    assert told(compare_windows(counted(237, 237, 237, 237), source(advance))) == [
        ("window-ignored", "incremental"),
        ("window-ignored", "backfill"),
    ]
    messages = [item.message.partition(":")[0] for item in compare_windows(counted(237, 237, 237, 237), source(advance))]
    assert messages == ["the API ignores {START_TIME}", "the API ignores {END_TIME}"]


def test_without_a_schedule_there_is_nothing_to_compare() -> None:
    assert compare_windows(counted(5, 5, 5, 5), Source({})) == ()


def numbers(whole: int | None, past: int, future: int, *others: int, past_start: bool = False) -> list[tuple[str, str]]:
    """What is told about these numbers of records; `others` are those of later runs."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    nothing = Window(Mode.INCREMENTAL if past_start else Mode.BACKFILL, epoch if past_start else None, epoch + timedelta(days=1))
    counts = [(nothing, past), (the_four(NOW)[3], future)]
    counts += [] if whole is None else [(Window(Mode.BACKFILL, None, NOW), whole)]
    counts += [(day(2024, 1, number), records) for number, records in enumerate(others, 5)]
    return told(compare_windows(counts, source({"scheduleStartParamName": "since", "scheduleEndParamName": "until"})))


def test_what_ignores_the_start_is_not_taken_for_swapped_names() -> None:
    assert [code for code, _ in numbers(1, 10, 10)] == ["window-ignored", "window-ignored"]
    assert [code for code, _ in numbers(9, 0, 9, 0, past_start=True)] == ["window-ignored"]


def test_without_the_whole_records_up_to_1970_show_that_the_end_is_ignored() -> None:
    assert numbers(None, 5, 0) == [("window-ignored", "scheduleEndParamName")]


def test_later_runs_without_any_record_may_be_swapped_and_one_record_shows_that_they_are_not() -> None:
    assert [code for code, _ in numbers(9, 0, 0, 0, 0, past_start=True)] == ["window-swapped"]
    assert numbers(9, 0, 0, 3, 0, past_start=True) == []
    assert numbers(9, 0, 0, 0, 3, past_start=True) == []
    assert numbers(9, 0, 0, 0) == []


def test_a_source_without_records_is_not_taken_for_swapped_names() -> None:
    assert [code for code, _ in numbers(0, 0, 0, 0, past_start=True)] == ["window-empty"]


@pytest.mark.parametrize(
    "window", [Window(Mode.PREVIEW, None, NOW), Window(Mode.PREVIEW, NOW, NOW), Window(Mode.BACKFILL, NOW, NOW)]
)
def test_other_kinds_of_runs_say_nothing(window: Window) -> None:
    schedule = {"scheduleStartParamName": "since", "scheduleEndParamName": "until"}
    counts = [(Window(Mode.BACKFILL, None, NOW), 9), (the_four(NOW)[2], 0)]
    assert compare_windows([*counts, (window, 0)], source(schedule)) == compare_windows(counts, source(schedule)) == ()


def test_a_backfill_without_an_end_counts_all_records() -> None:
    schedule = {"scheduleStartParamName": "since", "scheduleEndParamName": "until"}
    assert told(compare_windows([(Window(Mode.BACKFILL), 4), (the_four(NOW)[2], 9)], source(schedule)))[0][0] == "window-swapped"
