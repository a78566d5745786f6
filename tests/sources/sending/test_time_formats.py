"""Times in the formats of .NET: written, read back, and what is odd about a format."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.sources.sending.time_formats import BadFormat, read_back, why_odd, written

MOMENT = datetime(2024, 3, 1, 15, 7, 9, 120456, UTC)
MICROSECOND, SECOND, MINUTE, DAY = (
    timedelta(microseconds=1),
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(days=1),
)
WHOLE = {
    "yyyy-MM-ddTHH:mm:ss.fffffffK": MICROSECOND,
    "yyyy-MM-ddTHH:mm:ss:fffffffK": MICROSECOND,
    "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz": MICROSECOND,
    "yyyyMMddHHmmssffffff": MICROSECOND,
    "yyyy-MM-ddTHH:mm:ssZ": SECOND,
    "o": MICROSECOND,
    "s": SECOND,
    "u": SECOND,
    "r": SECOND,
    "dddd, d MMMM yyyy hh:mm:ss tt": SECOND,
    "M/d/yyyy h:m:s t zz": SECOND,
    "dd.MM.yyyy HH:mm z": MINUTE,
    "yyyy/MM/dd": DAY,
    "yyyyy g MMM %d": DAY,
}
"""Formats that hold a whole time, each with what it is exact to."""


@pytest.mark.parametrize(
    ("fmt", "text"),
    [
        ("yyyy-MM-ddTHH:mm:ssZ", "2024-03-01T15:07:09Z"),
        ("yyyy-MM-ddTHH:mm:ss:fffffffK", "2024-03-01T15:07:09:1204560Z"),
        ("yyyy-MM-ddTHH:mm:ssK", "2024-03-01T15:07:09Z"),
        ("y yy yyy yyyyy", "24 24 2024 02024"),
        ("M MM MMM MMMM MMMMM", "3 03 Mar March March"),
        ("d dd ddd dddd", "1 01 Fri Friday"),
        ("H HH h hh t tt", "15 15 3 03 P PM"),
        ("%m mmm s ss", "7 07 9 09"),
        ("f ff fff ffffff fffffff", "1 12 120 120456 1204560"),
        ("F FF FFF FFFFFFF", "1 12 12 120456"),
        ("z zz zzz zzzz", "+0 +00 +00:00 +00:00"),
        ("yyyy g", "2024 A.D."),
        ("'yyyy' \"MM\" \\d %d", "yyyy MM d 1"),
        ("'it\\'s' yyyy", "it's 2024"),
        ("yyyy''MM", "202403"),
        ("o", "2024-03-01T15:07:09.1204560Z"),
        ("r", "Fri, 01 Mar 2024 15:07:09 GMT"),
        ("u", "2024-03-01 15:07:09Z"),
    ],
)
def test_a_format_means_what_it_means_in_dotnet(fmt: str, text: str) -> None:
    assert written(MOMENT, fmt) == text


def test_a_point_before_a_fraction_without_digits_is_left_out() -> None:
    assert written(MOMENT.replace(microsecond=0), "ss.FFF'x'") == "09x"
    assert written(MOMENT.replace(microsecond=0), "ss.fff") == "09.000"


def test_midnight_and_noon_are_twelve_on_a_clock_of_twelve_hours() -> None:
    assert [written(MOMENT.replace(hour=hour), "hh tt") for hour in (0, 12, 23)] == ["12 AM", "12 PM", "11 PM"]


def test_times_are_in_utc() -> None:
    local = datetime(2024, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert written(local, "yyyy-MM-ddTHH:mm:ssK") == "2024-02-29T23:30:00Z"


@pytest.mark.parametrize(
    ("fmt", "why"),
    [
        ("", "it is empty"),
        ("d", "one letter alone is not a custom format"),
        ("ss.ffffffff", "`ffffffff` is longer than 7 digits of a second"),
        ("yyyy 'at", "' is not closed"),
        ('yyyy "at', '" is not closed'),
        ("yyyy\\", "\\ is not closed"),
        ("yyyy%", "a percent sign must be followed by one letter"),
        ("yyyy" * 100, "it is longer than 200 characters"),
    ],
)
def test_a_format_that_dotnet_refuses_is_refused(fmt: str, why: str) -> None:
    with pytest.raises(BadFormat) as refused:
        written(MOMENT, fmt)
    assert str(refused.value) == why
    assert why_odd(fmt) == f"it is not a date format: {why}"


@pytest.mark.parametrize("fmt", WHOLE)
@settings(max_examples=40)
@given(moment=st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 30)))  # noqa: DTZ001 - made UTC
def test_what_is_written_is_read_back(fmt: str, moment: datetime) -> None:
    utc = moment.replace(tzinfo=UTC)
    unit = WHOLE[fmt]
    assert read_back(written(utc, fmt), fmt) == utc - (utc - datetime(1, 1, 1, tzinfo=UTC)) % unit


@pytest.mark.parametrize(
    ("text", "fmt", "read"),
    [
        ("2024-03-01T15:07:09+02:00", "yyyy-MM-ddTHH:mm:ssK", datetime(2024, 3, 1, 13, 7, 9, tzinfo=UTC)),
        ("2024-03-01T15:07:09-05", "yyyy-MM-ddTHH:mm:sszz", datetime(2024, 3, 1, 20, 7, 9, tzinfo=UTC)),
        ("01 49", "MM yy", datetime(2049, 1, 1, tzinfo=UTC)),
        ("01 50", "MM yy", datetime(1950, 1, 1, tzinfo=UTC)),
        ("2024-13-01", "yyyy-MM-dd", None),
        ("2023-02-29", "yyyy-MM-dd", None),
        ("2024-03-01", "yyyy-MM-ddTHH:mm:ssZ", None),
        ("2024-03-01x", "yyyy-MM-dd", None),
        ("2024 2025", "yyyy yyyy", None),
        ("07:09", "mm:ss", None),
        ("0001-01-01T00:00+23:00", "yyyy-MM-ddTHH:mmzzz", None),
        ("２０２４", "yyyy", None),  # noqa: RUF001 - digits of another script
    ],
)
def test_only_times_in_the_format_are_read(text: str, fmt: str, read: datetime | None) -> None:
    assert read_back(text, fmt) == read


@given(fmt=st.text(st.sampled_from("yMdHhmsfFtKzgTZ:-./ '\"\\%a"), max_size=20), text=st.text(max_size=20))
def test_no_format_and_no_text_break_anything(fmt: str, text: str) -> None:
    try:
        shown = written(MOMENT, fmt)
    except BadFormat:
        assert why_odd(fmt)
        return
    read_back(text, fmt)
    read_back(shown, fmt)


@pytest.mark.parametrize(
    "fmt",
    [
        *(fmt for fmt in WHOLE if fmt != "yyyy-MM-ddTHH:mm:ss:fffffffK" and "g" not in fmt),
        "yyyy-MM-ddTHH:mm:ss",
        "yyyy-MM-ddTHH:mm:ss.fffZ",
        "yyyy-MM-dd HH:mm:ss",
        "yyyyMMdd",
        "yyyyMMddTHHmmssZ",
        "yyyy-MM-dd'T'HH:mm:ss'Z'",
        "MM/dd/yyyy",
        "yyyy-MM-ddTHHZ",
        "yyyy-MM-dd HH:mm:ss 'Europe/Berlin'",
        "ddd, dd MMM yyyy HH:mm:ss UTC",
    ],
)
def test_nothing_is_odd_about_a_format_that_some_api_reads(fmt: str) -> None:
    assert why_odd(fmt) is None


@pytest.mark.parametrize(
    ("fmt", "why"),
    [
        ("yyyy-MM-ddTHH:mm:ss:fffffffK", "it gives 2024-03-01T15:07:09:1234560Z, which is not ISO 8601"),
        ("yyyy-MM-ddTHH:mm:ssKZ", "it gives 2024-03-01T15:07:09ZZ, which is not ISO 8601"),
        ("YYYY-MM-DDTHH:mm:ssZ", "`YYYY` has no meaning, and is sent as it is"),
        ("yyyy-MM-ddTHH:mm:ss.SSSZ", "`SSSZ` has no meaning, and is sent as it is"),
        ("yyyy-mm-dd", "`mm` is minutes; months are MM"),
        ("yyyy-MM-ddTHH:MM:ssZ", "`MM` is months; minutes are mm"),
        ("yyyy-MM-ddThh:mm:ssZ", "`hh` is an hour up to 12; hours up to 23 are HH"),
        ("epoch", "`epoc` has no meaning, and is sent as it is"),
    ],
)
def test_what_is_wrong_for_any_api_is_odd(fmt: str, why: str) -> None:
    assert why_odd(fmt) == why
