"""What proof.yaml expects of a trial, counted page by page and compared at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from reconciler.documents.json_text import Json, encode_sorted
from reconciler.documents.places import MISSING
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity, count
from reconciler.proofs.values import Amount, Expect
from reconciler.sources.findings import Finding
from reconciler.wording.guesses import did_you_mean_one_of

_EXPECT: Final = "expect"
_MAX_VALUES: Final = 2_000_000
"""Values of `unique` that are remembered."""
_SHOWN: Final = 60
_MOST_FIELDS: Final = 20
"""Fields of `expect.fields` that are reported one by one."""
_NAMES: Final = 100
_MOST_PAGES: Final = 10_000
"""The highest value of --pages."""


@dataclass(slots=True)
class Expectations:
    """Sees the records of each page once, and keeps counts and digests only."""

    expected: Expect
    records: int = 0
    pages: int = 0
    """Pages that have records: an empty one, after which a run ends, does not show that a page was turned."""
    _lacking: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Field to the number of records without it, and the first of them."""
    _values: set[int] = field(default_factory=set)
    _repeated: int = 0
    _example: str | None = None
    _is_full: bool = False
    _names: tuple[str, ...] = ()
    """The fields of the first record."""

    def look(self, records: Sequence[Json]) -> None:
        """Count the records of one page."""
        if not self.records and records and isinstance(records[0], dict):
            self._names = tuple(islice(records[0], _NAMES))
        for name in self.expected.fields:
            self._count_lacking(name, records)
        if self.expected.unique is not None:
            for record in records:
                self._count(_value(record, self.expected.unique))
        self.records += len(records)
        self.pages += bool(records)

    def _count_lacking(self, name: str, records: Sequence[Json]) -> None:
        """Count the records of one page that lack a field."""
        for position, record in enumerate(records, start=self.records + 1):
            if _value(record, name) is MISSING:
                number, first = self._lacking.get(name, (0, position))
                self._lacking[name] = (number + 1, first)

    def _count(self, value: Json) -> None:
        if value is MISSING or value is None:
            return
        text = encode_sorted(value)
        digest = hash(text)
        if digest in self._values:
            self._repeated += 1
            self._example = self._example or text.decode("utf-8", "replace")[:_SHOWN]
        elif len(self._values) < _MAX_VALUES:
            self._values.add(digest)
        else:
            self._is_full = True

    def findings(self, *, complete: bool) -> Iterator[Finding]:
        """What is not as expected. A minimum does not count for a trial that was not `complete`."""
        bounds = self.expected.records
        if bounds is not None and not _fits(bounds, self.records, complete=complete):
            said = f"read {count(self.records, 'record')}, expected {bounds}"
            hint = "compare the requests above with the API's documentation, or correct `expect.records`"
            yield _finding("expected-records", said, hint, ("records",))
        bounds = self.expected.pages
        if bounds is not None and not _fits(bounds, self.pages, complete=complete):
            said = f"read {count(self.pages, 'page')}, expected {bounds}"
            hint = "check paginationParams, or correct `expect.pages`"
            yield _finding("expected-pages", said, hint, ("pages",))
        for name, (number, first) in islice(self._lacking.items(), _MOST_FIELDS):
            said = f"{count(number, 'record')} of {self.records:,} have no `{name[:_SHOWN]}`, the first is record {first:,}"
            said = said.replace("have no", "has no") if number == 1 else said
            hint = did_you_mean_one_of(name[:_SHOWN], self._names) or "check contentPath, or correct `expect.fields`"
            yield _finding("expected-fields", said, hint, ("fields",))
        if (more := len(self._lacking) - _MOST_FIELDS) > 0:
            said = f"{count(more, 'further field')} of `expect.fields` is missing in records"
            said = said.replace("s of `expect.fields` is", "s of `expect.fields` are")
            yield _finding("expected-fields", said, "check contentPath, or correct `expect.fields`", ("fields",))
        if self._repeated:
            said = f"{count(self._repeated, 'record')} repeat a value of `{self.expected.unique}`, the first is {self._example}"
            said = said.replace(" repeat ", " repeats ", 1) if self._repeated == 1 else said
            yield _finding(
                "expected-unique", said, "pages overlap, or the field is not unique: check paginationParams", ("unique",)
            )
        yield from self._unseen()

    def left_open(self, pages: int) -> Iterator[Finding]:
        """What is expected beyond the records of the pages that the limit of requests allowed."""
        bounds = self.expected.records
        if bounds is None or self.records >= bounds.least:
            return
        said = f"read {count(self.records, 'record')} before the limit of requests, expected {bounds}"
        needed = -(-bounds.least * pages // self.records) + 1 if self.records else _MOST_PAGES
        hint = f"use --pages {needed}" if needed <= _MOST_PAGES else "try a smaller time range with --window FROM..TO"
        yield _finding("expected-records", said, hint, ("records",))

    def _unseen(self) -> Iterator[Finding]:
        """A unique field that no record has proves nothing."""
        name = self.expected.unique
        if name is not None and self.records and not self._values and not self._repeated:
            said = f"no record has `{name}`, so it cannot tell records apart"
            yield _finding("expected-unique", said, "name a field of the records in `expect.unique`", ("unique",))
        if self._is_full and not self._repeated:
            said = f"only the first {_MAX_VALUES:,} values of `{name}` were compared with each other"
            path = (_EXPECT, "unique")
            yield Finding(Severity.WARNING, "expected-unique", said, "try a smaller time range with --window FROM..TO", path)


def _fits(bounds: Amount, number: int, *, complete: bool) -> bool:
    if complete:
        return bounds.has(number)
    return bounds.most is None or number <= bounds.most


def _value(record: Json, name: str) -> Json:
    """The value of a field, or of a dotted path of fields; MISSING without one."""
    if isinstance(record, dict) and name in record:
        return record[name]
    value = record
    for part in name.removeprefix("$.").split("."):
        value = value.get(part, MISSING) if isinstance(value, dict) else MISSING
    return value


def _finding(code: str, message: str, hint: str, path: Segments) -> Finding:
    return Finding(Severity.ERROR, code, message, hint, (_EXPECT, *path))
