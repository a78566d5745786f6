"""Where the bodies of several targets differ: the deepest places that tell at least two of them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.documents.canonical import same
from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing
from reconciler.documents.pointer import Segments
from reconciler.documents.semantics import ListKind, list_kind, sections


@dataclass(frozen=True, slots=True)
class Difference:
    """One place, and its value in each body.

    `fields` are the names that the section has in each body (None: the body lacks it). `place` begins with the first of them; the entries
    of a list whose entries have names are segments by name.
    """

    place: Segments
    fields: tuple[str | None, ...]
    values: tuple[Json | Missing, ...]

    def place_in(self, index: int) -> Segments:
        """The place in the body with this index."""
        return (self.fields[index] or self.place[0], *self.place[1:])


def differing(bodies: Sequence[Document]) -> Iterator[Difference]:
    """Every place where these bodies differ, in the order of the first body that has it. None contains another.

    Lists whose order does not count are compared as the service compares them. An ordered list of scalars, a set, or a list of another
    length, is one place.
    """
    named = [dict(sections(body)) for body in bodies]
    for section in dict.fromkeys(name for one in named for name in one):
        fields = tuple(one.get(section) for one in named)
        values = [MISSING if field is None else body[field] for field, body in zip(fields, bodies, strict=True)]
        first = next(field for field in fields if field is not None)
        for place, found in _parted(values, (first,)):
            yield Difference(place, fields, tuple(found))


def _parted(values: Sequence[Json | Missing], place: Segments) -> Iterator[tuple[Segments, Sequence[Json | Missing]]]:
    first = values[0]
    if first is MISSING or any(value is MISSING for value in values):
        yield place, values
    elif not all(same(first, value, place) for value in values[1:]):
        inside = _inside(values, place)
        if inside is None:
            yield place, values
            return
        for name in dict.fromkeys(name for one in inside for name in one):
            yield from _parted([one.get(name, MISSING) for one in inside], (*place, name))


def _inside(values: Sequence[Json], place: Segments) -> Sequence[Document] | None:
    """The members of each value by name, if all have members that correspond to each other."""
    if all(isinstance(value, dict) for value in values):
        return values
    if not all(isinstance(value, list) for value in values):
        return None
    kinds = {list_kind(place, value) for value in values}
    if kinds == {ListKind.NAMED}:
        return [{item["name"]: item for item in value} for value in values]
    items = [item for value in values for item in value]
    if kinds == {ListKind.ORDERED} and len({len(value) for value in values}) == 1 and all(map(_has_members, items)):
        return [{str(index): item for index, item in enumerate(value)} for value in values]
    return None


def _has_members(item: Json) -> bool:
    return isinstance(item, dict | list)
