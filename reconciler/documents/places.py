"""Places in a body, which stay the same when lists are reordered.

A place is a path. Its segment for a named list is the item's name, for a set the member's JSON, and for an ordered list an index. A JSON
Pointer, in contrast, has positions in one given document.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from reconciler.documents.canonical import canonical
from reconciler.documents.pointer import format_pointer, parse_pointer
from reconciler.documents.semantics import ListKind, field_of, list_kind, member_name, section_of

if TYPE_CHECKING:
    from reconciler.documents.json_text import Document, Json
    from reconciler.documents.pointer import Segments

Place: TypeAlias = "Segments"


class _Missing(Enum):
    MISSING = None

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing.MISSING
"""No value at this place. In JSON it is null; the operation distinguishes it from a null value."""

Missing: TypeAlias = Literal[_Missing.MISSING]


def place_of(body: Document, pointer: str) -> Place:
    """The place of a JSON Pointer into this body.

    Segments beyond the body are kept as they are, since they may refer to something that only live has. Raises ValueError if the string is
    not a pointer.
    """
    place: list[str] = []
    value: Json = body
    for depth, segment in enumerate(parse_pointer(pointer)):
        name = section_of(segment) if depth == 0 else segment
        child: Json = MISSING
        if isinstance(value, list):
            name, child = _item(value, segment, tuple(place))
        elif isinstance(value, dict):
            field = field_of(value, name) if depth == 0 else segment
            child = value.get(field, MISSING) if field is not None else MISSING
        place.append(name)
        value = child
    return tuple(place)


def _item(items: list[Json], segment: str, path: Segments) -> tuple[str, Json]:
    kind = list_kind(path, items)
    if not (segment.isdecimal() and int(segment) < len(items)):
        found = next((item for item in items if kind is ListKind.NAMED and item["name"] == segment), MISSING)
        return segment, found
    item = items[int(segment)]
    if kind is ListKind.NAMED:
        return item["name"], item
    return (_member(item, path), item) if kind is ListKind.SET else (segment, item)


def pointer_to(body: Document, place: Place) -> str:
    """The JSON Pointer of a place in this body; segments beyond the body are kept as they are."""
    segments: list[str] = []
    value: Json = body
    for depth, name in enumerate(place):
        if depth == 0:
            field = field_of(body, name) or name
            segments.append(field)
            value = body.get(field, MISSING)
            continue
        if isinstance(value, list):
            index = index_of(value, name, place[:depth])
            segments.append("-" if index is None else str(index))
            value = MISSING if index is None else value[index]
            continue
        segments.append(name)
        value = value.get(name, MISSING) if isinstance(value, dict) else MISSING
    return format_pointer(segments)


def index_of(items: list[Json], name: str, path: Segments) -> int | None:
    """The index in this list, which is at `path`, of the item with this segment of a place; None if there is none."""
    kind = list_kind(path, items)
    if kind is ListKind.ORDERED:
        return int(name) if name.isdecimal() and int(name) < len(items) else None
    for index, item in enumerate(items):
        if name == (item["name"] if kind is ListKind.NAMED else _member(item, path)):
            return index
    return None


def value_at(body: Document, place: Place) -> Json | Missing:
    """The value at a place, or MISSING."""
    field = field_of(body, place[0])
    value: Json = body.get(field, MISSING) if field is not None else MISSING
    for depth, name in enumerate(place[1:], start=1):
        if isinstance(value, list):
            index = index_of(value, name, place[:depth])
            value = MISSING if index is None else value[index]
        elif isinstance(value, dict):
            value = value.get(name, MISSING)
        else:
            return MISSING
    return value


def with_value(body: Document, place: Place, value: Json | Missing) -> Document:
    """A copy of the body with this value at the place, or without the place if the value is MISSING.

    If the parent of the place does not exist, nothing changes.
    """
    field = field_of(body, place[0]) or place[0]
    if len(place) == 1:
        return _with_key(body, field, value)
    if field not in body:
        return body
    return body | {field: _replaced(body[field], place, 1, value)}


def _replaced(container: Json, place: Place, depth: int, value: Json | Missing) -> Json:
    name, last = place[depth], depth == len(place) - 1
    if isinstance(container, dict):
        if last:
            return _with_key(container, name, value)
        return container | {name: _replaced(container[name], place, depth + 1, value)} if name in container else container
    if not isinstance(container, list):
        return container
    index = index_of(container, name, place[:depth])
    if not last:
        if index is None:
            return container
        return [*container[:index], _replaced(container[index], place, depth + 1, value), *container[index + 1 :]]
    if value is MISSING:
        return container if index is None else [*container[:index], *container[index + 1 :]]
    return [*container, value] if index is None else [*container[:index], value, *container[index + 1 :]]


def _with_key(container: Document, key: str, value: Json | Missing) -> Document:
    if value is MISSING:
        return {name: item for name, item in container.items() if name != key}
    return container | {key: value}


def _member(item: Json, path: Segments) -> str:
    return member_name(canonical(item, (*path, "*")))
