"""The valid shape of each JSON Schema keyword's value. Live bodies are external, so a keyword may hold any value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING

Shape: TypeAlias = Callable[[Json], bool]


def fits(keyword: str, schema: Document) -> bool:
    """Whether the keyword is absent or has a value of a valid shape."""
    value = schema.get(keyword, MISSING)
    return value is MISSING or keyword not in _SHAPES or _SHAPES[keyword](value)


def _is_number(value: Json) -> bool:
    """A number. `true` is not one, although draft-04 uses it for `exclusiveMinimum`."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_names(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


_NUMBERS: Final = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
)
_SHAPES: Final[Mapping[str, Shape]] = {
    "type": lambda value: isinstance(value, str) or _is_names(value),
    "enum": lambda value: isinstance(value, list),
    **dict.fromkeys(_NUMBERS, _is_number),
    "multipleOf": lambda value: _is_number(value) and value > 0,
    "required": _is_names,
    "properties": lambda value: isinstance(value, dict),
    "patternProperties": lambda value: isinstance(value, dict),
    "additionalProperties": lambda value: isinstance(value, dict | bool),
    "items": lambda value: isinstance(value, dict | bool | list),
    "allOf": lambda value: isinstance(value, list),
}
