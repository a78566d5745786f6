"""Decode JSON bytes and encode values, without loss.

Integers of any size stay integers: published schemas have bounds at ±2^53, which a double would change. Other values of a live body (see
`verbatim`) are written as they were read; a lone surrogate is written as an escape.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from reconciler.documents.verbatim import SpelledNumber, Verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

Json: TypeAlias = Any
"""A JSON value: None, bool, int, float (finite), str, list of JSON values, or dict from str to JSON values; in live bodies Verbatim."""

Document: TypeAlias = "dict[str, Json]"
"""A JSON object, such as the body of a spec."""


WrittenJson: TypeAlias = "Json | msgspec.Raw"
"""A JSON value, or the compact JSON text of a mapping or list, which takes a tenth of the memory."""


class NotJson(ValueError):
    """These bytes are not one JSON value, or are nested too deep."""


def decode(data: bytes | bytearray | memoryview | msgspec.Raw | str) -> Json:
    """The value of this JSON text.

    Raises NotJson for anything else: NaN, infinities, lone surrogates, bytes that are not UTF-8, trailing text, and numbers outside the
    range of a double.
    """
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotJson(str(error)) from error
    except RecursionError as error:
        raise NotJson("nested too deep") from error


def value_of(written: WrittenJson) -> Json:
    """The value, decoded on each call if it is kept as text."""
    return decode(written) if isinstance(written, msgspec.Raw) else written


def value_at(value: Json, *keys: str) -> Json:
    """The value at these nested keys; None if a key is missing or a value above it is not an object."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def string_at(value: Json, *keys: str) -> str | None:
    """The string at these nested keys; None for any other value."""
    found = value_at(value, *keys)
    return found if isinstance(found, str) else None


def encode(value: Json) -> bytes:
    """Compact JSON; keys keep their order."""
    try:
        return msgspec.json.encode(value, enc_hook=_as_read)
    except UnicodeEncodeError:
        return _escaped(value, is_sorted=False).encode()


def encode_sorted(value: Json) -> bytes:
    """Compact JSON with the keys of every object sorted: equal values give equal bytes (but 1 and 1.0 do not)."""
    try:
        return msgspec.json.encode(value, enc_hook=_as_read, order="sorted")
    except UnicodeEncodeError:
        return _escaped(value, is_sorted=True).encode()


def encode_sorted_part(value: Json) -> bytes:
    """What `encode_sorted` writes for this value within a larger one.

    Raises UnicodeEncodeError if a string in it has a lone surrogate: then all strings of the larger value are written with escapes.
    """
    return msgspec.json.encode(value, enc_hook=_as_read, order="sorted")


def encode_readable(value: Mapping[str, Any] | list[Any] | msgspec.Struct) -> str:
    """JSON indented by two spaces, for files and standard output; any strict JSON reader accepts it.

    Structs and dataclasses are objects with their fields in order. What such a reader would reject is shown as text: a `Verbatim` is a
    string, and a lone surrogate is its escape.
    """
    return msgspec.json.format(_strict(value), indent=2).decode()


def readable_part(value: Mapping[str, Any]) -> msgspec.Raw:
    """A part of a document for `encode_readable`, encoded at once: a list of many needs a fraction of the memory of their objects."""
    return msgspec.Raw(_strict(value))


def _strict(value: Mapping[str, Any] | list[Any] | msgspec.Struct) -> bytes:
    try:
        return msgspec.json.encode(value, enc_hook=_shown)
    except UnicodeEncodeError:
        return msgspec.json.encode(_encodable(value), enc_hook=_shown)


def _as_read(value: object) -> msgspec.Raw:
    if isinstance(value, SpelledNumber | Verbatim):
        return msgspec.Raw(value.text.encode())
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def _shown(value: object) -> msgspec.Raw | str:
    return _encodable(value.text) if isinstance(value, Verbatim) else _as_read(value)


def _encodable(value: Json) -> Json:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    if isinstance(value, msgspec.Struct):
        shown = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        return {name: _encodable(getattr(value, field)) for name, field in shown}
    if names := getattr(value, "__dataclass_fields__", ()):
        return {name: _encodable(getattr(value, name)) for name in names}
    return [_encodable(item) for item in value] if isinstance(value, list | tuple) else value


def _escaped(value: Json, *, is_sorted: bool) -> str:
    """Compact JSON of a value with a lone surrogate in a string."""
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, dict):
        names = sorted(value) if is_sorted else value
        return "{" + ",".join([f"{json.dumps(name)}:{_escaped(value[name], is_sorted=is_sorted)}" for name in names]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([_escaped(item, is_sorted=is_sorted) for item in value]) + "]"
    return msgspec.json.encode(value, enc_hook=_as_read).decode()
