"""JSON bytes to values and back, exactly.

Integers of any size stay integers: published schemas hold bounds at ±2^53, and a double would change them on the way through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

Json: TypeAlias = Any
"""A JSON value: None, bool, int, float (finite), str, list of JSON values, or dict from str to JSON values."""

Document: TypeAlias = "dict[str, Json]"
"""A JSON object, such as the body of a spec."""


class NotJson(ValueError):
    """These bytes are not one JSON value (or are nested too deep to read)."""


def decode(data: bytes | bytearray | memoryview | str) -> Json:
    """The value that this JSON text holds.

    Raises NotJson for anything else: NaN, infinities, lone surrogates, bytes that are not UTF-8, trailing text, and numbers that no
    double can hold.
    """
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotJson(str(error)) from error
    except RecursionError as error:
        raise NotJson("nested too deep") from error


def encode(value: Json) -> bytes:
    """Compact JSON, with keys in the order that they have."""
    return msgspec.json.encode(value)


def encode_sorted(value: Json) -> bytes:
    """Compact JSON with the keys of every object sorted: equal values give equal bytes (but 1 and 1.0 do not)."""
    return msgspec.json.encode(value, order="sorted")


def encode_readable(value: Mapping[str, Json]) -> str:
    """JSON over lines, two spaces a level, as files and standard output have it."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
