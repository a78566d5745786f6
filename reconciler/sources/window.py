"""The time range that a run requests, and what the numbers of records in several time ranges say about `scheduleParams`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from reconciler.documents.pointer import Segments
from reconciler.sources.findings import Finding, found
from reconciler.sources.source import SCHEDULE, Source

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FUTURE: Final = datetime(2100, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_ALMOST: Final = 0.9
"""Records may come and go between two trials."""


class Mode(StrEnum):
    """The kind of run, which decides what is sent for `scheduleParams`."""

    BACKFILL = "backfill"
    """The first run: everything up to the end."""
    INCREMENTAL = "incremental"
    """A later run: from the start to the end."""
    PREVIEW = "preview"
    """A preview of the first page."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time range in UTC. `start` is None for a backfill; both are None if no time is sent."""

    mode: Mode
    start: datetime | None = None
    end: datetime | None = None


def the_four(now: datetime) -> tuple[Window, ...]:
    """The time ranges whose numbers of records tell right parameters from wrong ones.

    Everything up to now; the last day; everything up to the second day of 1970, which is nothing; and a day in 2100. The third is
    a backfill, which has an end only: that tells swapped names from a source without records.
    """
    return (
        Window(Mode.BACKFILL, None, now),
        Window(Mode.INCREMENTAL, now - _DAY, now),
        Window(Mode.BACKFILL, None, _EPOCH + _DAY),
        Window(Mode.INCREMENTAL, _FUTURE, _FUTURE + _DAY),
    )


@dataclass(slots=True)
class _Counts:
    """The numbers of records by what a time range shows; None for those that were not counted."""

    whole: int | None = None
    past: int | None = None
    past_has_start: bool = False
    future: int | None = None
    others: int | None = None


def compare_windows(counted: Sequence[tuple[Window, int]], source: Source) -> tuple[Finding, ...]:
    """What the numbers of records say about the names of the parameters, as long as the spec has a schedule.

    A number may be a lower bound, of a trial that did not read all pages.
    """
    return tuple(_compared(_counts(counted), source)) if source.mapping(SCHEDULE) and counted else ()


def _counts(counted: Sequence[tuple[Window, int]]) -> _Counts:
    counts = _Counts()
    for window, number in counted:
        if window.end is not None and window.end <= _EPOCH + _DAY:
            counts.past, counts.past_has_start = number, window.start is not None
        elif window.start is not None and window.start >= _FUTURE:
            counts.future = number
        elif window.mode is Mode.BACKFILL and window.start is None:
            counts.whole = number
        elif window.mode is Mode.INCREMENTAL:
            counts.others = (counts.others or 0) + number
    return counts


def _compared(counts: _Counts, source: Source) -> Iterator[Finding]:
    (start, at_start), (end, at_end) = _names(source)
    whole, past, future = counts.whole, counts.past or 0, counts.future or 0
    start_ignored = future > 0 and future >= _ALMOST * (whole or 0)
    if whole is not None and whole < past / 2 and not start_ignored:
        message = f"start and end are swapped: up to 1970 there are {past:,} records, and up to the end {whole:,}"
        yield found("window-swapped", message, f"write {end} as the start and {start} as the end", at_start)
        return
    if start_ignored:
        message = f"the API ignores {start}: a day in 2100 has {future:,} records"
        yield found("window-ignored", message, "write the parameter that the API reads as the start", at_start)
    if past > 0 and past >= _ALMOST * (whole or 0):
        message = f"the API ignores {end}: the time up to 1970 has {past:,} records"
        yield found("window-ignored", message, "write the parameter that the API reads as the end", at_end)
    elif counts.past_has_start and whole and counts.others == 0 and not start_ignored:
        message = f"up to the end there are {whole:,} records, and from a start to an end none: they may be swapped"
        yield found("window-swapped", message, f"write {end} as the start and {start} as the end", at_start)
    if not any((whole, past, future, counts.others)):
        message = "no time range has records, so nothing shows whether the API reads the times"
        yield found("window-empty", message, "try a source that has records", SCHEDULE)


def _names(source: Source) -> tuple[tuple[str, Segments], tuple[str, Segments]]:
    """What carries the start and what carries the end, each with its part of the body."""
    block = source.mapping(SCHEDULE)
    if block.get("type") is not None:
        return ("{START_TIME}", (*SCHEDULE, "incremental")), ("{END_TIME}", (*SCHEDULE, "backfill"))
    fields = ("scheduleStartParamName", "scheduleEndParamName")
    first, second = ((f"`{str(block.get(field))[:80]}`", (*SCHEDULE, field)) for field in fields)
    return first, second
