"""The canonical form of a value, in which equal values are identical, and its digest.

Sets are sorted and without duplicates, named lists are sorted by name, whole numbers are integers (1.0 is 1) in any spelling, and keys are
sorted when the form is encoded. A string never equals a number, nor `true` 1.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from reconciler.documents.json_text import encode_sorted
from reconciler.documents.semantics import ListKind, list_kind, plain_value

if TYPE_CHECKING:
    from reconciler.documents.json_text import Json
    from reconciler.documents.pointer import Segments

SHORT_DIGEST_LENGTH = 16
_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})
"""Types of values that are their own canonical form, most of all values."""


def canonical(value: Json, path: Segments = ()) -> Json:
    """The canonical form of the value at this path of a body."""
    value = plain_value(value, path)
    if isinstance(value, dict):
        return {key: item if type(item) in _AS_THEY_ARE else canonical(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return _canonical_list(value, path)
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(value)
    return value


def _canonical_list(items: list[Json], path: Segments) -> list[Json]:
    match list_kind(path, items):
        case ListKind.SET:
            members = {encode_sorted(item): item for item in (canonical(item, (*path, "*")) for item in items)}
            return [members[name] for name in sorted(members)]
        case ListKind.NAMED:
            return [canonical(item, (*path, item["name"])) for item in sorted(items, key=lambda item: item["name"])]
        case ListKind.ORDERED:
            return [
                item if type(item) in _AS_THEY_ARE else canonical(item, (*path, str(index))) for index, item in enumerate(items)
            ]


def digest(value: Json, path: Segments = ()) -> str:
    """The SHA-256 digest of the canonical form, in hexadecimal."""
    return hashlib.sha256(encode_sorted(canonical(value, path))).hexdigest()


def short_digest(value: Json, path: Segments = ()) -> str:
    """The first 64 bits of the digest: enough to tell versions of one section apart, and small enough for a marker."""
    return digest(value, path)[:SHORT_DIGEST_LENGTH]


def same(one: Json, other: Json, path: Segments = ()) -> bool:
    """Whether two values at this path are equal in canonical form."""
    first, second = encode_sorted(one), encode_sorted(other)
    return first == second or encode_sorted(canonical(one, path)) == encode_sorted(canonical(other, path))
