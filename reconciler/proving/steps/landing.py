"""What the step `count` sees of the records after the run: the batch in the catalog, and rows of the dataset with the mapped values.

Equal counts do not show that a mapping fits: a row without any mapped value counts as written. So rows are looked at, as far as the
service shows them in time, and what is not seen is not claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from reconciler.dataflows.observed import BatchState
from reconciler.dataflows.resources import RunState
from reconciler.documents.json_text import Json, encode_sorted
from reconciler.errors import ServiceError, count
from reconciler.proving.making.mapped import Comparison, MappedRecords, mapped_records
from reconciler.proving.steps.schemas import entries_of
from reconciler.proving.steps.work import KEPT_ROWS, PROVED, Result, Work
from reconciler.proving.waiting import in_words

SHOWN_ROWS: Final = 100
"""Rows that the service shows of a dataset: the first ones."""
_UNTIL_ENDED: Final = 120.0
"""Seconds in which a batch may still end, after its rows are there."""
_FINAL: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_IMPLEMENTED})
"""Refusals of a preview that no wait will change."""


def landed(work: Work, state: RunState, written: int) -> Result:
    """Whether the batch does not contradict the run, and rows of the dataset have the mapped values of records."""
    records = mapped_records(entries_of(work), work.rows, work.changing, complete=_is_complete(work))
    look = _Look(work, state, written, records)
    for has_seen_all in work.looked("the records in the dataset", work.options.wait, look.has_seen_all):
        if has_seen_all:
            break
    return look.result()


def _is_complete(work: Work) -> bool:
    """Whether the rows at hand are those of all records."""
    trial = work.trial
    if trial is None or len(work.rows) >= KEPT_ROWS:
        return False
    return work.subject.explodes or len(work.rows) == trial.records


def rows_before(work: Work, dataset: str) -> tuple[Json, ...] | None:
    """The rows that a dataset shows before the run; None if it does not show them."""
    try:
        return work.writer.dataset_preview(dataset)
    except ServiceError:
        return None


@dataclass(slots=True)
class _Look:
    """What was seen so far."""

    work: Work
    state: RunState
    written: int
    records: MappedRecords
    batch: BatchState | None = None
    comparison: Comparison | None = None
    error: ServiceError | None = None
    since: float | None = None
    """When all was seen but the end of the batch."""

    def has_seen_all(self) -> bool:
        """Look once more; whether another look would not show more."""
        if self._is_open and self.state.batch is not None:
            self.batch = self.work.writer.batch(self.state.batch) or self.batch
        if self.batch is not None and self._of_batch() is not None:
            return True
        if not self._rows_seen():
            return False
        if self.since is None:
            self.since = self.work.waits.clock.monotonic()
        return not self._is_open or self.work.waits.clock.monotonic() - self.since >= _UNTIL_ENDED

    @property
    def _is_open(self) -> bool:
        """Whether the batch is still to end, as far as the catalog shows it."""
        return self.state.batch is not None and not (self.batch is not None and self.batch.ended)

    def _rows_seen(self) -> bool:
        if self._without_rows() is not None:
            return True
        self.error = None
        try:
            rows = self._new(self.work.writer.dataset_preview(self.work.dataset))
        except ServiceError as error:
            self.error = error
            return error.status in _FINAL
        if rows:
            self.comparison = self.records.compared([self.work.hide(row) for row in rows])
        return bool(rows)

    def _new(self, rows: Sequence[Json]) -> list[Json]:
        """The rows that were not there before the run."""
        before = Counter(encode_sorted(row) for row in self.work.rows_before or ())
        found = []
        for row in rows:
            text = encode_sorted(row)
            if before[text]:
                before[text] -= 1
            else:
                found.append(row)
        return found

    def _without_rows(self) -> Result | None:
        """The result where no row can be compared, or need be; None otherwise."""
        work = self.work
        if not work.subject.maps or not self.written:
            return PROVED
        if work.rows_before is None:
            return Result("unknown", "the counts are right, but the rows of the dataset cannot be read")
        if len(work.rows_before) >= SHOWN_ROWS:
            had = f"the dataset had {SHOWN_ROWS} rows or more before, and only its first {SHOWN_ROWS} are shown"
            return Result("proved", f"its rows were not compared: {had}")
        if not any(self.records.records):
            return Result("unknown", "no mapped value is known, so no row of the dataset can be compared")
        return None

    def result(self) -> Result:
        """What was seen, as a result. The values of records in the dataset show more than the end of a batch."""
        contradicts = self._of_batch()
        if contradicts is not None:
            return contradicts
        if self.batch is not None and self._is_open and self.comparison is None:
            waited = in_words(self.work.options.wait)
            said = f"the batch {self.batch.id} has not ended within {waited}: its status is {self.batch.status!r}"
            return Result("unknown", said)
        return self._without_rows() or self._of_rows()

    def _of_batch(self) -> Result | None:
        """Why the batch contradicts the run, or cannot be told not to; None if it does not."""
        batch = self.batch
        if self.state.batch is None:
            return None
        if batch is None:
            return Result("unknown", f"the catalog does not show the batch {self.state.batch} of the run")
        if batch.ended and not batch.succeeded:
            return Result("failed", f"the batch {batch.id} ended as {batch.status!r}")
        if not batch.ended:
            return None
        if batch.failed:
            return Result("failed", f"{count(batch.failed, 'record')} of the batch {batch.id} failed")
        if batch.written is not None and batch.written != self.written:
            wrote = f"the run wrote {count(self.written, 'record')}"
            return Result("failed", f"{wrote}, and its batch has {batch.written:,}")
        return None

    def _of_rows(self) -> Result:
        seen = self.comparison
        if seen is None:
            why = self.error.message if self.error else f"it shows no row within {in_words(self.work.options.wait)}"
            return Result("unknown", f"the counts are right, but whether the mapping fits the dataset is not known: {why}")
        if seen.lacking:
            path, number = next(iter(seen.lacking.items()))
            rows = f"{number:,} of {count(seen.rows, 'row')} shown of the dataset have no value at {path}"
            others = f", nor all at {count(len(seen.lacking) - 1, 'other field')}" if len(seen.lacking) > 1 else ""
            return Result("failed", f"the counts are right, but the mapping does not fit: {rows}{others}")
        if not seen.alike:
            named = f": {seen.differing[0]} differs" if seen.differing else ""
            said = "no row of the dataset has the values of a record of the trial"
            return Result("unknown", f"the counts are right, but {said}{named}")
        return Result("proved", f"{seen.alike:,} of {count(seen.rows, 'row')} shown of the dataset have the values of a record")
