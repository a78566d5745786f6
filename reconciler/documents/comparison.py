"""Compare live with desired: the changes that turn one body into the other.

`Change` is the single source for what is written, shown in reports, and encoded as JSON. Equal canonical values end a comparison early;
sections that differ are compared in a form in which sets and named lists are mappings.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import msgspec

from reconciler.documents.canonical import canonical, same
from reconciler.documents.json_text import decode, encode_sorted, value_of
from reconciler.documents.patch import apply_operations
from reconciler.documents.places import MISSING, Missing, Place, pointer_to
from reconciler.documents.pointer import format_pointer
from reconciler.documents.semantics import ListKind, list_kind, member_name, plain_value, section_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reconciler.documents.json_text import Document, Json, WrittenJson
    from reconciler.documents.pointer import Segments

Op: TypeAlias = Literal["add", "remove", "replace"]


class Cause(StrEnum):
    """Why live and desired differ."""

    DRIFT = "drift"
    PENDING = "pending"
    BOTH = "both"
    UNKNOWN = "unknown"
    UNCONFIRMED = "unconfirmed"
    OWNERSHIP = "ownership"


@dataclass(frozen=True, slots=True)
class Change:
    """One RFC 6902 operation on the live body.

    `path` is a JSON Pointer into live; `old` and `new` are JSON values, or MISSING for an add or a remove. `written` is the new value as it
    was given: thousands of new specs are kept as text, and decoded when somebody reads them. The changes of one section, applied in order,
    give the desired section. `place` is the same location without list positions; it ends at the first ordered list,
    whose items have no names. `beyond` is the rest of the path, with positions in ordered lists only.
    """

    op: Op
    path: str
    old: Json | Missing
    written: WrittenJson | Missing
    place: Place
    cause: Cause | None = None
    beyond: tuple[str, ...] = ()

    @property
    def new(self) -> Json | Missing:
        """The new value, decoded on each call if it is kept as text."""
        return value_of(self.written)

    def __eq__(self, other: object) -> bool:
        """Whether both change the same, however the new value is kept."""
        return isinstance(other, Change) and _said(self) == _said(other)

    def __hash__(self) -> int:
        return hash((self.op, self.path, self.place))


def _said(change: Change) -> tuple[object, ...]:
    return change.op, change.path, change.old, change.new, change.place, change.cause, change.beyond


_TRUE: Final = "\0true"
_FALSE: Final = "\0false"
_ESCAPE: Final = "\0text:"


class _Named(dict[str, Any]):
    """A list keyed by name."""


class _Members(dict[str, Any]):
    """A set: a mapping from each member's JSON to true."""


def compare_section(live: Document, desired: Document, field: str) -> tuple[Change, ...]:
    """The changes that turn this section of live into the desired one, in an order in which they can be applied.

    The section has this field name in both bodies; a body without the field lacks the section.
    """
    old, new = live.get(field, MISSING), desired.get(field, MISSING)
    if old is MISSING and new is MISSING:
        return ()
    if old is MISSING:
        return (_change("add", (field,), MISSING, new),)
    if new is MISSING:
        return (_change("remove", (field,), old, MISSING),)
    if _is_written_alike(old, new):
        return ()
    changes = _differences(live, old, new, field)
    return changes if _is_true(changes, live, new, field) else (_change("replace", (field,), old, new),)


def _differences(live: Document, old: Json, new: Json, section: str) -> tuple[Change, ...]:
    steps = _steps_between(old, new, (section,), None)
    return tuple(item.change for item in sorted((_found(live, step) for step in steps), key=_Found.order))


class _Step(msgspec.Struct, frozen=True):
    """One difference between two comparables: its keys, and its container in live (None for the section itself)."""

    op: Op
    keys: tuple[Any, ...]
    old: Any
    new: Any
    container: Any


def _steps_between(old: Json, new: Json, keys: tuple[str, ...], container: Any) -> Iterator[_Step]:
    """The differences between two values at this path, of which only what differs is made comparable."""
    old, new = plain_value(old, keys), plain_value(new, keys)
    if not isinstance(old, dict) or not isinstance(new, dict):
        yield from _steps(_comparable(old, keys), _comparable(new, keys), keys, container)
        return
    for key, item in new.items():
        if key not in old:
            yield _Step("add", (*keys, key), MISSING, _comparable(item, (*keys, key)), old)
    for key, item in old.items():
        if key not in new:
            yield _Step("remove", (*keys, key), _comparable(item, (*keys, key)), MISSING, old)
        elif not _is_written_alike(item, new[key]):
            yield from _steps_between(item, new[key], (*keys, key), old)


def _is_written_alike(one: Json, other: Json) -> bool:
    """Whether two values are equal in every detail but the order of keys."""
    if type(one) is not type(other):
        return False
    return one == other if isinstance(one, str) else encode_sorted(one) == encode_sorted(other)


def _steps(old: Any, new: Any, keys: tuple[Any, ...], container: Any) -> Iterator[_Step]:
    """The differences between two comparables, each at its deepest level."""
    if type(old) is not type(new):
        yield _Step("replace", keys, old, new, container)
    elif isinstance(old, dict):
        for key, item in new.items():
            if key not in old:
                yield _Step("add", (*keys, key), MISSING, item, old)
        for key, item in old.items():
            if key in new:
                yield from _steps(item, new[key], (*keys, key), old)
            else:
                yield _Step("remove", (*keys, key), item, MISSING, old)
    elif isinstance(old, list):
        yield from _list_steps(old, new, keys)
    elif old != new:
        yield _Step("replace", keys, old, new, container)


def _list_steps(old: list[Any], new: list[Any], keys: tuple[Any, ...]) -> list[_Step]:
    """The differences between two ordered lists: position by position, or by their common subsequence if that gives fewer."""
    by_position = list(_position_steps(old, new, keys, old))
    if len(by_position) == 1 or any(isinstance(item, dict | list) for item in (*old, *new)):
        return by_position
    by_order = [
        step
        for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
        for step in _position_steps(old[start:end], new[new_start:new_end], keys, old, start, new_start)
    ]
    return by_order if len(by_order) == 1 or len(by_order) < len(by_position) else by_position


def _position_steps(
    old: list[Any], new: list[Any], keys: tuple[Any, ...], container: list[Any], i: int = 0, j: int = 0
) -> Iterator[_Step]:
    """The differences between two lists, or between slices of them that begin at these positions, item by item."""
    for index, (was, now) in enumerate(zip(old, new, strict=False)):
        yield from _steps(was, now, (*keys, i + index), container)
    for index in range(len(new), len(old)):
        yield _Step("remove", (*keys, i + index), old[index], MISSING, container)
    for index in range(len(old), len(new)):
        yield _Step("add", (*keys, j + index), MISSING, new[index], container)


class _Found(msgspec.Struct, frozen=True):
    """A change, with its sort key: positions in an ordered list shift when items are added or removed."""

    change: Change
    depth: int = 0
    parent: str = ""
    index: int | None = None

    def order(self) -> tuple[int, str, int, int, str]:
        """Values first; then lists, the deepest first; in a list removals from its end, then additions from its start."""
        if self.index is None and self.depth == 0:
            return (-1_000_000, "", 0, 0, self.change.path)
        if self.change.op == "remove":
            return (-self.depth, self.parent, 0, -(self.index or 0), self.change.path)
        return (-self.depth, self.parent, 1, self.index or 0, self.change.path)


def _found(live: Document, step: _Step) -> _Found:
    op, keys, container = step.op, step.keys, step.container
    old = MISSING if op == "add" else _restored(step.old)
    new = MISSING if op == "remove" else _restored(step.new)
    names = tuple(str(key) for key in keys)
    place = _place(keys)
    beyond = names[len(place) :]
    path = pointer_to(live, names)
    if op == "replace" or not isinstance(container, list | _Named | _Members):
        return _Found(Change(op, path, old, new, place, beyond=beyond))
    parent = pointer_to(live, names[:-1])
    if not isinstance(container, list):
        index = int(path.rpartition("/")[2]) if op == "remove" else None
        if isinstance(container, _Members):
            old, new = (decode(names[-1]), MISSING) if op == "remove" else (MISSING, decode(names[-1]))
        path = path if op == "remove" else f"{parent}/-"
        return _Found(Change(op, path, old, new, place, beyond=beyond), len(keys), parent, index)
    return _Found(Change(op, f"{parent}/{keys[-1]}", old, new, place, beyond=beyond), len(keys), parent, keys[-1])


def _place(keys: tuple[Any, ...]) -> Place:
    """The path up to the first position in an ordered list."""
    steady = next((depth for depth, key in enumerate(keys) if isinstance(key, int)), len(keys))
    return (section_of(keys[0]), *keys[1:steady])


def _comparable(value: Json, path: Segments) -> Any:
    value = plain_value(value, path)
    if isinstance(value, dict):
        return {key: _comparable(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return _comparable_list(value, path)
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if isinstance(value, str) and value.startswith("\0"):
        return _ESCAPE + value
    return canonical(value)


def _comparable_list(items: list[Json], path: Segments) -> Any:
    match list_kind(path, items):
        case ListKind.NAMED:
            return _Named({item["name"]: _comparable(item, (*path, item["name"])) for item in items})
        case ListKind.SET:
            return _Members({member_name(canonical(item, (*path, "*"))): _TRUE for item in items})
        case ListKind.ORDERED:
            return [_comparable(item, (*path, str(index))) for index, item in enumerate(items)]


def _restored(value: Any) -> Json:
    """The JSON value of a comparable."""
    if isinstance(value, _Named):
        return [_restored(item) for item in value.values()]
    if isinstance(value, _Members):
        return [decode(name) for name in value]
    if isinstance(value, dict):
        return {key: _restored(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_restored(item) for item in value]
    if value in (_TRUE, _FALSE):
        return value == _TRUE
    return value.removeprefix(_ESCAPE) if isinstance(value, str) else value


def _change(op: Op, place: Place, old: Json | Missing, new: Json | Missing) -> Change:
    return Change(op, format_pointer(place), old, new, (section_of(place[0]),))


def _is_true(changes: Iterable[Change], live: Document, wanted: Json, section: str) -> bool:
    """Whether these changes, applied to live, give the wanted section: a plan must show exactly what is written."""
    try:
        result = apply_operations(live, ((change.op, change.path, change.new) for change in changes))
    except (LookupError, ValueError):
        return False
    return section in result and same(result[section], wanted, (section,))
