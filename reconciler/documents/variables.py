"""Variables in spec files: `{var: NAME}` as a whole value, and `{literal: …}` for a value that looks like one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from reconciler.documents.json_text import encode

if TYPE_CHECKING:
    from reconciler.documents.json_text import Document, Json
    from reconciler.documents.pointer import Segments

VARIABLE: Final = "var"
LITERAL: Final = "literal"
_VARIABLE_BEGINS: Final = b'{"var":"'
_LITERAL_BEGINS: Final = b'{"literal":{'


def is_variable(value: Json) -> bool:
    """Whether it is a mapping of exactly `{var: <string>}`."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get(VARIABLE), str)


def is_literal(value: Json) -> bool:
    """Whether it is a mapping of exactly `{literal: …}` around a variable or around another such mapping."""
    while isinstance(value, dict) and len(value) == 1 and LITERAL in value:
        value = value[LITERAL]
        if is_variable(value):
            return True
    return False


def with_values(body: Document, values: Mapping[str, Json], missing: Callable[[Segments, str], None]) -> Document:
    """The body with the value of each variable. The body itself is not changed.

    Values are put in as they are: what looks like a variable in one is not. `missing` gets the path and the name of each variable without
    a value, which stays as it is.
    """
    return {field: _valued(value, values, missing, (field,)) for field, value in body.items()}


def _valued(value: Json, values: Mapping[str, Json], missing: Callable[[Segments, str], None], path: Segments) -> Json:
    if isinstance(value, dict):
        if is_variable(value):
            name: str = value[VARIABLE]
            if name not in values:
                missing(path, name)
            return values.get(name, value)
        if is_literal(value):
            return value[LITERAL]
        return {key: _valued(item, values, missing, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_valued(item, values, missing, (*path, str(index))) for index, item in enumerate(value)]
    return value


def as_written(value: Json) -> Json:
    """The value as a file must have it, so that nothing in it is read as a variable: the reverse of `with_values`."""
    if isinstance(value, dict):
        if is_variable(value) or is_literal(value):
            return {LITERAL: value}
        return {key: as_written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_written(item) for item in value]
    return value


def may_hold_variables(value: Json) -> bool:
    """Whether the value may have a variable or a literal at any depth. Quick: its JSON has no other way to begin such a mapping."""
    text = encode(value)
    return _VARIABLE_BEGINS in text or _LITERAL_BEGINS in text


def holds_variables(value: Json) -> bool:
    """Whether the value has a variable or a literal at any depth."""
    if isinstance(value, dict):
        return is_variable(value) or is_literal(value) or any(map(holds_variables, value.values()))
    return isinstance(value, list) and any(map(holds_variables, value))
