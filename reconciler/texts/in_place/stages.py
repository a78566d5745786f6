"""Stages from the current document to the wanted one, in small steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from reconciler.documents.json_text import Document, Json, encode_sorted
from reconciler.texts.in_place.alignment import match

Place: TypeAlias = "tuple[str | int, ...]"
"""The path to a value: keys and positions."""

_GONE: Final = object()


def reordered(before: Document, wanted: Document) -> Iterator[Document]:
    """Documents in which only the order of lists changes, innermost first, so that moved items are recognized by their values."""
    for level in range(_levels(before), 0, -1):
        after = _reordered(before, wanted, level)
        if encode_sorted(after) != encode_sorted(before):
            yield after
            before = after


def single_changes(before: Document, wanted: Document) -> Iterator[tuple[Place, Document]]:
    """One change after another up to the wanted document, each with its place."""
    document = before
    for place, value in list(_differences(before, wanted, ())):
        document = _with(document, wanted, place, value)
        yield place, document


def _levels(value: Json) -> int:
    """The depth of the deepest list."""
    deepest = 0
    due = [(value, 1)]
    while due:
        item, level = due.pop()
        if isinstance(item, dict | list):
            deepest = max(deepest, level if isinstance(item, list) else 0)
            due += [(inner, level + 1) for inner in (item.values() if isinstance(item, dict) else item)]
    return deepest


def _reordered(before: Json, wanted: Json, level: int) -> Json:
    """The value with the lists at this level in the wanted order, without the removed items."""
    if isinstance(before, dict) and isinstance(wanted, dict) and level > 1:
        return {key: _reordered(value, wanted[key], level - 1) if key in wanted else value for key, value in before.items()}
    if not (isinstance(before, list) and isinstance(wanted, list)):
        return before
    became = match(before, wanted)
    if level > 1:
        items = list(before)
        for new, old in became.items():
            items[old] = _reordered(before[old], wanted[new], level - 1)
        return items
    order = [became[new] for new in sorted(became)]
    return before if order == sorted(order) else [before[old] for old in order]


def _differences(before: Json, wanted: Json, place: Place) -> Iterator[tuple[Place, Json]]:
    if isinstance(before, dict) and isinstance(wanted, dict) and before.keys() & wanted.keys():
        for key, value in wanted.items():
            if key in before:
                yield from _differences(before[key], value, (*place, key))
            else:
                yield (*place, key), value
        for key in before.keys() - wanted.keys():
            yield (*place, key), _GONE
    elif isinstance(before, list) and isinstance(wanted, list) and _keep_places(before, wanted):
        for index, value in enumerate(wanted):
            yield from _differences(before[index], value, (*place, index))
    elif encode_sorted(before) != encode_sorted(wanted):
        yield place, wanted


def _keep_places(before: list[Json], wanted: list[Json]) -> bool:
    return 0 < len(before) == len(wanted) and match(before, wanted) == {index: index for index in range(len(wanted))}


def _with(document: Json, wanted: Json, place: Place, value: Json) -> Json:
    """The document with another value at this place, and with its keys in the wanted order."""
    if not place:
        return value
    first, *rest = place
    if isinstance(document, list) and isinstance(first, int):
        inner = _with(document[first], wanted[first], tuple(rest), value)
        return [*document[:first], inner, *document[first + 1 :]]
    inner = _with(document.get(first), wanted.get(first), tuple(rest), value)
    changed = document | {first: inner}
    order = [key for key in wanted if key in changed] + [key for key in changed if key not in wanted]
    return {key: changed[key] for key in order if changed[key] is not _GONE}
