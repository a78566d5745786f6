"""What a mapping makes of records, and whether rows of a dataset are that: compared as text, as a dataset converts values to its types.

Rows are personal data, so nothing here keeps or says a value: only the paths of fields are for display.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

from reconciler.documents.json_text import Json, value_at
from reconciler.proofs.values import Mapped
from reconciler.proving.making.fields import fields_of

_PLAIN: Final = re.compile(r"[^.\\\[\]]+(?:\.[^.\\\[\]]+)*")
"""A path of names only: its value can be found without knowing how the service reads a path."""
_ANY: Final = "\0any"
"""A value that changes from one read to the next: only that there is one can be compared."""

Values: TypeAlias = Mapping[str, str]
"""Destination to value, as text."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How rows of a dataset compare with the mapped records. Paths are destinations.

    `alike` is the number of rows with all values of a record. `lacking` have a value in every record, and none in this number of rows;
    where not all records are known, in all rows. `differing` have values in rows, but none of a record.
    """

    rows: int
    alike: int = 0
    lacking: Mapping[str, int] = field(default_factory=dict)
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MappedRecords:
    """Records as a mapping writes them: all of a source, or some. `changing` are destinations whose values differ in each read."""

    records: tuple[Values, ...] = field(repr=False)
    destinations: tuple[str, ...]
    changing: frozenset[str] = frozenset()
    complete: bool = True

    def compared(self, rows: Sequence[Json]) -> Comparison:
        """How these rows compare with the records."""
        seen = [self._values(row) for row in rows]
        known = {self._stable(values) for values in self.records}
        alike = sum(self._stable(values) in known and not self.changing.issuperset(values) for values in seen)
        everywhere = [path for path in self.destinations if all(path in values for values in self.records)]
        without = {path: sum(path not in values for values in seen) for path in everywhere}
        lacking = {path: number for path, number in without.items() if number >= (1 if self.complete else len(seen))}
        here = {path: {values[path] for values in self.records if path in values} for path in self.destinations}
        there = {path: {values[path] for values in seen if path in values} for path in self.destinations}
        differing = tuple(path for path in self.destinations if here[path] and there[path] and not here[path] & there[path])
        return Comparison(len(seen), alike, lacking, tuple(path for path in differing if path not in self.changing))

    def _values(self, row: Json) -> Values:
        return {path: text for path in self.destinations if (text := _text(at(row, path))) is not None}

    def _stable(self, values: Values) -> frozenset[tuple[str, str]]:
        return frozenset((path, _ANY if path in self.changing else value) for path, value in values.items())


def mapped_records(
    entries: Sequence[Mapped], rows: Iterable[Json], changing: Collection[str] = (), *, complete: bool = True
) -> MappedRecords:
    """What these entries make of all rows of a source, or of some, as far as it can be told. `changing` are paths in the rows."""
    targets = [entry.destination for entry in entries]
    plain = [one for one in entries if is_plain(one) and targets.count(one.destination) == 1]
    records = tuple({one.destination: text for one in plain if (text := _text(at(row, one.source))) is not None} for row in rows)
    return MappedRecords(
        records,
        tuple(one.destination for one in plain),
        frozenset(one.destination for one in plain if one.source in changing),
        complete,
    )


def changing_paths(rows: Sequence[Json], again: Sequence[Json]) -> set[str]:
    """The paths whose values differ between two reads of the same records. Pairs that have little in common are not the same record."""
    paths = [one.source for one in fields_of(rows).fields]
    found: set[str] = set()
    for row, other in zip(rows, again, strict=False):
        differ = {path for path in paths if _text(at(row, path)) != _text(at(other, path))}
        if len(differ) * 2 < len(paths):
            found |= differ
    return found


def is_plain(entry: Mapped) -> bool:
    """Whether both paths of an entry have names only."""
    return all(_PLAIN.fullmatch(path) for path in (entry.source, entry.destination))


def at(row: Json, path: str) -> Json:
    """The value at a plain path; None without one. A row of a dataset may have the whole path as one name."""
    if isinstance(row, dict) and path in row:
        return row[path]
    return value_at(row, *path.split("."))


def is_scalar(value: Json) -> bool:
    """Whether this is one value that a field of a dataset can have."""
    return _text(value) is not None


def _text(value: Json) -> str | None:
    """A value as text, equal for what a conversion keeps: 5 and "5", two spellings of one moment. None for null, lists and objects."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(float(value))
    if isinstance(value, int):
        return str(value)
    return _moment(value) if isinstance(value, str) else None


def _moment(text: str) -> str:
    """A date and time in UTC; any other text as it is."""
    if "T" not in text:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
