"""The step `landed`: the events are in the dataset. That the inlet received them proves nothing of it."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Json
from reconciler.errors import SpecNotFound, count
from reconciler.proving.making.mapped import mapped_records
from reconciler.proving.steps.schemas import entries_of
from reconciler.proving.steps.work import PROVED, Result, Work
from reconciler.proving.waiting import in_words

PREVIEW_ROWS: Final = 100
"""The rows that the preview of a dataset shows at most."""


def wait_for_rows(work: Work) -> Result:
    """Look at the preview of the dataset until all events that were received are there."""
    stream = work.streaming
    if not stream.due:
        return Result("unknown", "the inlet received no event")
    if stream.before + stream.due + stream.unanswered > PREVIEW_ROWS:
        said = f"the dataset had {count(stream.before, 'row')}, and its preview shows {PREVIEW_ROWS}: use target.dataset: auto"
        return Result("unknown", said)
    shown: tuple[Json, ...] = ()
    for shown in work.looked(f"{count(stream.due, 'event')} in the dataset", work.options.landed, lambda: _rows(work)):
        stream.rows = max(len(shown) - stream.before, 0)
        if stream.rows >= stream.due:
            break
    work.log.fact("landed", "rows", stream.rows)
    result = _judged(work, stream.rows or 0)
    return _compared(work, shown) if result == PROVED else result


def _rows(work: Work) -> tuple[Json, ...]:
    try:
        return work.writer.dataset_preview(work.dataset)
    except SpecNotFound:
        return ()  # a dataset without a file yet


def _compared(work: Work, rows: tuple[Json, ...]) -> Result:
    """Whether rows have the values of events: a row without any mapped value counts as well."""
    records = mapped_records(entries_of(work), work.rows, complete=False)
    if not work.subject.maps or not any(records.records):
        return PROVED
    seen = records.compared(rows)
    if seen.lacking:
        return Result("failed", f"the events landed, but no row of the dataset has a value at {next(iter(seen.lacking))}")
    if not seen.alike:
        return Result("unknown", "the events landed, but no row of the dataset has the values of one")
    return PROVED


def _judged(work: Work, rows: int) -> Result:
    stream, expected = work.streaming, work.subject.proof.expect.records
    if rows < stream.due:
        seen = f"{rows:,} of {count(stream.due, 'event')} in the dataset after {in_words(work.options.landed)}"
        return Result("unknown", f"accepted, not seen yet: {seen}")
    if rows > stream.due + stream.unanswered:
        return Result("failed", f"the inlet received {count(stream.due, 'event')}, and the dataset has {count(rows, 'new row')}")
    if stream.unanswered:
        return Result("unknown", f"{count(stream.unanswered, 'event')} had no answer, so the rows cannot be counted")
    stream.complete = True
    if expected is not None and not expected.has(stream.accepted):
        return Result("failed", f"{count(stream.accepted, 'event')} landed, and proof.yaml expects {expected}")
    return PROVED
