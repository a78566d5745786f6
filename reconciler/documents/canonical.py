"""The canonical form of a value, in which equal values are identical, and its digest.

Sets are sorted and without duplicates, named lists are sorted by name, whole numbers are integers (1.0 is 1) in any spelling, and keys are
sorted when the form is encoded. A string never equals a number, nor `true` 1.
"""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Final

import msgspec

from reconciler.documents.json_text import NotJson, decode, encode_sorted
from reconciler.documents.semantics import SPECIAL_FIELDS, ListKind, list_kind, names_of, plain_value

if TYPE_CHECKING:
    from reconciler.documents.json_text import Json
    from reconciler.documents.pointer import Segments

SHORT_DIGEST_LENGTH = 16
_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})
"""Types of values that are their own canonical form, most of all values."""
_CONTAINERS: Final = frozenset({dict, list})
_SPECIAL: Final = frozenset({name for field in SPECIAL_FIELDS for name in names_of(field)})
"""Names of fields whose value may have another canonical form than what is written."""


def canonical(value: Json, path: Segments = ()) -> Json:
    """The canonical form of the value at this path of a body."""
    value = plain_value(value, path)
    if isinstance(value, dict):
        return {key: item if type(item) in _AS_THEY_ARE else canonical(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return _canonical_list(value, path)
    return _plain_number(value) if isinstance(value, float) else value


def _plain_number(number: float) -> int | float:
    return int(number) if number.is_integer() else float(number)


def _decoded_number(text: str) -> int | float:
    number = float(text)
    if math.isinf(number):
        raise NotJson("a number is outside the range of a double")
    return _plain_number(number)


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


_decoder: Final = msgspec.json.Decoder(float_hook=_decoded_number)


def canonical_json(text: bytes | msgspec.Raw, path: Segments) -> bytes:
    """The canonical form of the value in this JSON, encoded with sorted keys, without a second tree. Raises NotJson."""
    if path[-1] in _SPECIAL:
        return encode_sorted(canonical(decode(text), path))
    try:
        value = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotJson(str(error)) from error
    _make_canonical(value, path)
    return encode_sorted(value)


def _make_canonical(value: Json, path: Segments) -> None:
    """Replace the special fields in a value that nobody else holds, and whose numbers are canonical."""
    due = [(value, path)] if type(value) in _CONTAINERS else []
    while due:
        container, place = due.pop()
        for key, item in container.items() if type(container) is dict else enumerate(container):
            if type(item) not in _CONTAINERS:
                continue
            if key in _SPECIAL:
                container[key] = canonical(item, (*place, key))
            else:
                due.append((item, (*place, str(key))))


def _digest_of(encoded: bytes) -> str:
    return hashlib.sha256(encoded).hexdigest()


def digest(value: Json, path: Segments = ()) -> str:
    """The SHA-256 digest of the canonical form, in hexadecimal."""
    return _digest_of(encode_sorted(canonical(value, path)))


def short_digest(value: Json, path: Segments = ()) -> str:
    """The first 64 bits of the digest: enough to tell versions of one section apart, and small enough for a marker."""
    return digest(value, path)[:SHORT_DIGEST_LENGTH]


def short_digest_of_json(text: bytes | msgspec.Raw, path: Segments) -> str:
    """The short digest of the value in this JSON. Raises NotJson."""
    return _digest_of(canonical_json(text, path))[:SHORT_DIGEST_LENGTH]


def same(one: Json, other: Json, path: Segments = ()) -> bool:
    """Whether two values at this path are equal in canonical form."""
    if one is other:
        return True
    if encode_sorted(one) == encode_sorted(other):
        return True
    one, other = plain_value(one, path), plain_value(other, path)
    if isinstance(one, dict) and isinstance(other, dict):  # most of their members are written alike
        return one.keys() == other.keys() and all(same(item, other[key], (*path, key)) for key, item in one.items())
    return encode_sorted(canonical(one, path)) == encode_sorted(canonical(other, path))
