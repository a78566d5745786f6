"""The functions of Data Prep that are interpreted, by name. Each gets its arguments' values and raises CannotCompute.

Source: docs, "Data Prep mapping functions". A null argument gives null, unless the function is about nulls.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from reconciler.documents.json_text import Json

Function: TypeAlias = Callable[..., Json]


class CannotCompute(ValueError):
    """The function cannot be applied to these values."""


def as_text(value: Json) -> str:
    """A scalar as text: integers without a fraction, booleans in lower case. Raises CannotCompute for objects and arrays."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise CannotCompute("an object or array cannot be used as text")
    return "" if value is None else str(value)


def _of_texts(function: Callable[[str], Json]) -> Function:
    """A function of one text, which gives null for null."""

    def computed(value: Json) -> Json:
        return None if value is None else function(as_text(value))

    return computed


def _concat(*values: Json) -> Json:
    return "".join(as_text(value) for value in values)


def _substr(value: Json, start: Json, length: Json = None) -> Json:
    if value is None:
        return None
    text, begin = as_text(value), _index(start)
    return text[begin:] if length is None else text[begin : begin + _index(length)]


def _index(value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise CannotCompute("a position must be an integer of at least 0")
    return value


def _replacestr(value: Json, find: Json, replacement: Json) -> Json:
    if value is None or find in (None, ""):
        return value
    return as_text(value).replace(as_text(find), as_text(replacement))


def _explode(value: Json, separator: Json = " ") -> Json:
    if value is None:
        return None
    if separator in (None, ""):
        raise CannotCompute("the separator must not be empty")
    return as_text(value).split(as_text(separator))


def _join(separator: Json, *values: Json) -> Json:
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    return as_text(separator).join(as_text(item) for item in items if item is not None)


def _coalesce(*values: Json) -> Json:
    return next((value for value in values if value is not None), None)


def _to_integer(text: str) -> Json:
    try:
        return int(text.strip())
    except ValueError as error:
        raise CannotCompute(f"{text[:40]!r} is not an integer") from error


def _to_decimal(text: str) -> Json:
    try:
        number = float(text.strip())
    except ValueError as error:
        raise CannotCompute(f"{text[:40]!r} is not a number") from error
    if not math.isfinite(number):
        raise CannotCompute(f"{text[:40]!r} is not a finite number")
    return number


def _to_bool(text: str) -> Json:
    return text.strip().lower() in ("true", "t", "yes", "y", "1")


def _size_of(value: Json) -> Json:
    if not isinstance(value, list | dict | str):
        raise CannotCompute("size_of needs an array, an object or a string")
    return len(value)


def _is_empty(value: Json) -> Json:
    return value is None or value in ("", [], {})


def truth(value: Json) -> bool:
    """A boolean. Raises CannotCompute for anything else, but null is false."""
    if value is not None and not isinstance(value, bool):
        raise CannotCompute("a condition must be true or false")
    return bool(value)


FUNCTIONS: Final[Mapping[str, tuple[Function, int, int | None]]] = {
    "concat": (_concat, 1, None),
    "lower": (_of_texts(str.lower), 1, 1),
    "lcase": (_of_texts(str.lower), 1, 1),
    "upper": (_of_texts(str.upper), 1, 1),
    "ucase": (_of_texts(str.upper), 1, 1),
    "trim": (_of_texts(str.strip), 1, 1),
    "length": (_of_texts(len), 1, 1),
    "substr": (_substr, 2, 3),
    "replacestr": (_replacestr, 3, 3),
    "explode": (_explode, 1, 2),
    "join": (_join, 2, None),
    "coalesce": (_coalesce, 1, None),
    "nullify": (lambda: None, 0, 0),
    "to_integer": (_of_texts(_to_integer), 1, 1),
    "to_decimal": (_of_texts(_to_decimal), 1, 1),
    "to_bool": (_of_texts(_to_bool), 1, 1),
    "size_of": (_size_of, 1, 1),
    "is_empty": (_is_empty, 1, 1),
    "md5": (_of_texts(lambda text: hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()), 1, 1),
    "sha256": (_of_texts(lambda text: hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()), 1, 1),
}
"""Functions with the least and the most arguments (None: any number). `iif` and the operators are computed by their arguments' order."""
