"""Whether one body shows everything that another one does, and whether a service may store a sent value in another form.

A reading that shows less than an earlier one must not be the base of a write: the write would delete what it lacks.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from reconciler.documents.canonical import canonical, same
from reconciler.documents.json_text import encode_sorted
from reconciler.documents.places import MISSING, Missing
from reconciler.documents.semantics import ID_LISTS, ListKind, field_of, list_kind, sections

if TYPE_CHECKING:
    from reconciler.documents.json_text import Document, Json
    from reconciler.documents.pointer import Segments

_COMPARED_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})
_SHORTEST_PART: Final = 6
"""Minimum length of a string that may be stored in part or extended; shorter ones may be other values (a page size of 10 is not 100)."""


def uncovered(more: Document, less: Document) -> tuple[str, ...]:
    """The sections of the second body that the first one does not fully show. Fields that the service manages are ignored.

    The first body must have all members of a set, all names of a named list, all keys of an object, and other lists of the same length.
    """
    missing = []
    for section, name in sections(less):
        field = field_of(more, section)
        if field is None or not (_is_equal(more[field], less[name]) or _covers(more[field], less[name], (section,))):
            missing.append(section)
    return tuple(missing)


def _is_equal(more: Json, less: Json) -> bool:
    """Whether two values have the same text, as those of most sections do: a fraction of the work of walking both."""
    return encode_sorted(more) == encode_sorted(less)


def _covers(more: Json, less: Json, path: Segments) -> bool:
    if isinstance(more, dict) and isinstance(less, dict):
        return all(key in more and _covers(more[key], less[key], (*path, key)) for key in less)
    if isinstance(more, list) and isinstance(less, list):
        return _list_covers(more, less, path)
    if type(more) is type(less) and type(more) in _COMPARED_AS_THEY_ARE:
        return bool(more == less)
    return same(more, less, path)


def _list_covers(more: list[Json], less: list[Json], path: Segments) -> bool:
    kind = list_kind(path, less)
    if path[-1] in ID_LISTS and all(isinstance(item, str) for item in (*more, *less)):
        return {item.casefold() for item in less} <= {item.casefold() for item in more}
    if kind is ListKind.SET:
        members = [canonical(item, (*path, "*")) for item in more]
        return all(canonical(item, (*path, "*")) in members for item in less)
    if kind is ListKind.NAMED and list_kind(path, more) is ListKind.NAMED:
        by_name = {item["name"]: item for item in more}
        return all(item["name"] in by_name and _covers(by_name[item["name"]], item, (*path, item["name"])) for item in less)
    return len(more) == len(less) and all(
        _covers(one, other, (*path, str(index))) for index, (one, other) in enumerate(zip(more, less, strict=True))
    )


def may_be_kept_as(sent: Json | Missing, kept: Json | Missing) -> bool:
    """Whether a service may store the first value as the second: dropped, added, wrapped, or with another type or spelling.

    A different value is none of these: another client changed it, or the write failed.
    """
    if sent is MISSING or kept is MISSING or sent in (None, [], {}) or kept in (None, [], {}):
        return True
    if isinstance(sent, list) and isinstance(kept, list):
        return _same_members(sent, kept)
    if isinstance(sent, dict) and isinstance(kept, dict):
        return all(may_be_kept_as(sent[key], kept[key]) for key in sent.keys() & kept.keys())
    if isinstance(sent, dict | list) or isinstance(kept, dict | list):
        return _is_wrapped(sent, kept)
    return _is_respelled(sent, kept)


def _same_members(sent: list[Json], kept: list[Json]) -> bool:
    left = [canonical(item) for item in kept]
    for item in (canonical(item) for item in sent):
        if item not in left:
            return False
        left.remove(item)
    return not left


def _is_wrapped(sent: Json, kept: Json) -> bool:
    """Whether one of the two contains the other: `{path: X}` as X, X as [X]."""
    outer, inner = (sent, kept) if isinstance(sent, dict | list) else (kept, sent)
    if isinstance(inner, dict | list):
        parts = outer.values() if isinstance(outer, dict) else outer
        return any(same(part, inner) for part in parts)
    return any(_is_respelled(part, inner) for part in (outer.values() if isinstance(outer, dict) else outer))


def _is_respelled(sent: Json, kept: Json) -> bool:
    if isinstance(sent, dict | list) or isinstance(kept, dict | list):
        return False
    one, other = _spelled(sent), _spelled(kept)
    if one == other:
        return True
    if not isinstance(sent, str) or not isinstance(kept, str):
        return False
    part, whole = sorted((one, other), key=len)
    return len(part) >= _SHORTEST_PART and not part.isdecimal() and part in whole


def _spelled(value: Json) -> str:
    """A scalar as a string, without what services change: case, spaces at the ends, a trailing slash, the spelling of a number."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFC", str(value)).strip().casefold().rstrip("/")
