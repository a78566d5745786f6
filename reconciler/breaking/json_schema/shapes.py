"""What the value of each JSON Schema keyword looks like. Live bodies come from elsewhere: a keyword may say anything at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING

Shape: TypeAlias = Callable[[Json], bool]


def fits(keyword: str, schema: Document) -> bool:
    """Whether what this keyword says, if it says anything, can be understood."""
    value = schema.get(keyword, MISSING)
    return value is MISSING or keyword not in _SHAPES or _SHAPES[keyword](value)


def is_number(value: Json) -> bool:
    """A number; `true` is none, though draft-04 has it for `exclusiveMinimum`."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_names(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _is_types(value: Json) -> bool:
    return isinstance(value, str) or _is_names(value)


def _is_schema(value: Json) -> bool:
    return isinstance(value, dict | bool)


def _is_object(value: Json) -> bool:
    return isinstance(value, dict)


def _is_list(value: Json) -> bool:
    return isinstance(value, list)


def _is_step(value: Json) -> bool:
    return is_number(value) and value > 0


_NUMBERS: Final = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
)
_SHAPES: Final[Mapping[str, Shape]] = {
    "type": _is_types,
    "enum": _is_list,
    **dict.fromkeys(_NUMBERS, is_number),
    "multipleOf": _is_step,
    "required": _is_names,
    "properties": _is_object,
    "patternProperties": _is_object,
    "additionalProperties": _is_schema,
    "items": lambda value: _is_schema(value) or _is_list(value),
    "allOf": _is_list,
}
