"""Which records a time range selects."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.providers.checks import moment_of
from reconciler.providers.exchange import Asked, Refusal
from reconciler.providers.provider import TimeFilter
from reconciler.providers.rows import MadeRows
from reconciler.sources.sending.time_formats import read_back

_NUMBER: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_MILLIONTHS: Final = 1_000_000
_MILLISECONDS_FROM: Final = 100_000_000_000
"""A number from here on counts milliseconds: in seconds, it would be the year 5138."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time range in microseconds since the epoch: from `least` up to, but not including, `below`; None is open."""

    least: int | None = None
    below: int | None = None

    def has(self, moment: int | None) -> bool:
        """Whether a moment is in the range; a record without a time is in no range but the one that is open on both sides."""
        if moment is None:
            return self.least is None and self.below is None
        return (self.least is None or moment >= self.least) and (self.below is None or moment < self.below)


def span_of(window: TimeFilter | None, asked: Asked) -> Span | Refusal:
    """The range that the parameters of a request select, or the refusal of a time in the wrong format."""
    if window is None:
        return Span()
    start = _bound(window, asked, window.start)
    end = _bound(window, asked, window.end)
    if isinstance(start, Refusal) or isinstance(end, Refusal):
        return start if isinstance(start, Refusal) else end if isinstance(end, Refusal) else Span()
    after = start if start is None or window.includes in ("from", "both") else start + 1
    before = end if end is None or window.includes in ("from", "none") else end + 1
    return Span(after, before)


def selected(window: TimeFilter | None, span: Span, rows: Sequence[Json]) -> Sequence[int]:
    """The indexes of the records in this range, in order."""
    everything = range(len(rows))
    if window is None or span == Span():
        return everything
    if isinstance(rows, MadeRows) and rows.are_in_order_of(window.field):

        def moment(index: int) -> int:
            return _of_record(window, rows[index]) or 0

        first = 0 if span.least is None else bisect_left(everything, span.least, key=moment)
        last = len(rows) if span.below is None else bisect_left(everything, span.below, key=moment)
        return range(first, max(first, last))
    return array("Q", (index for index in everything if span.has(_of_record(window, rows[index]))))


def _bound(window: TimeFilter, asked: Asked, name: str | None) -> int | Refusal | None:
    written = None if name is None else asked.parameter(name)
    if written is None:
        return None
    moment = _read(window.format, written)
    return Refusal(400, f"{name} is not a time in the format {window.format}") if moment is None else moment


def _read(form: str, written: str) -> int | None:
    """The microseconds since the epoch that a parameter means; None if it is not in the format."""
    if form in ("epoch", "epoch-ms"):
        found = _NUMBER.fullmatch(written)
        return int(float(written) * (_MILLIONTHS if form == "epoch" else 1000)) if found else None
    if form == "date" and len(written) != len("2024-01-01"):
        return None
    moment = moment_of(written) if form in ("iso", "date") else read_back(written, form)
    return None if moment is None else int(moment.timestamp()) * _MILLIONTHS + moment.microsecond


def _of_record(window: TimeFilter, record: Json) -> int | None:
    """The time of a record; None if it has none."""
    for name in window.field.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    if isinstance(record, str):
        own = _read(window.format, record)
        return _read("iso", record) if own is None else own
    if isinstance(record, int | float) and not isinstance(record, bool) and abs(record) < _MILLIONTHS**3:
        return int(record * (1000 if record >= _MILLISECONDS_FROM else _MILLIONTHS))
    return None
