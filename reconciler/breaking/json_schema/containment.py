"""Evidence about two JSON Schemas where rules for single keywords cannot tell: a proof that nothing is refused, or a value that is.

Both come from jsonschema-rs, on schemas whose references are written out: local ones only, and nothing is ever fetched. A schema beyond
these bounds gives neither, so that a hostile one costs no time, and the rules have the last word. Regular expressions are matched
by an engine that is linear in the text; one that it cannot match gives no evidence either. `format` is no condition here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from reconciler.breaking.json_schema.references import at_reference
from reconciler.breaking.json_schema.samples import samples
from reconciler.documents.json_text import Document, Json

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator

_LARGEST: Final = 2_000
"""Objects and lists in a schema, references written out."""
_DEEPEST: Final = 60
_CHOICES: Final = 256
"""Ways through a schema by its `anyOf`, `oneOf`, `if` and dependencies: a proof may have to go them all."""
_PATTERN_SIZE: Final = 1_000_000
_ERRORS: Final = 20
"""Reasons that are asked for of one refused value."""
_REFUSED: Final = 5
"""Refused values that are looked for."""
_NAMED: Final = frozenset({"properties", "patternProperties", "dependencies"})
"""Keywords whose value has names of its own, not keywords."""
_VALUES: Final = frozenset({"enum", "const", "required", "default", "examples"})
"""Keywords whose value is no schema, so that a `$ref` in it is none."""
_LATER: Final = frozenset(
    {
        *("prefixItems", "minContains", "maxContains", "dependentRequired", "dependentSchemas", "$dynamicRef", "$recursiveRef"),
        *("unevaluatedProperties", "unevaluatedItems"),
    }
)
"""Keywords of later drafts: what the service makes of them is not known, and the validator leaves them out."""
_DIALECT: Final = re.compile(r"http: ?//json-schema\.org/draft-07/schema#?")
_NOT_ASKED: Final = frozenset({"$schema", "$id", "$comment", "definitions", "$defs", "format", "title", "description"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that was taken and is not: where in the schema from after that is said, and what is said."""

    value: Json
    path: tuple[str, ...]
    message: str


@dataclass(slots=True)
class _Room:
    """What is left of the bounds while references are written out."""

    left: int = _LARGEST
    choices: int = 1


class _Unfit(Exception):
    """The schema is beyond the bounds, of another dialect, or refers to itself, or out of itself."""


def written_out(schema: Json, root: Json) -> Json | None:
    """The schema with its references written out and nothing in it that is only for people; None where that cannot be done."""
    try:
        return _written_out(schema, root, 0, _Room())
    except _Unfit:
        return None


def takes_all(before: Json, after: Json, *, new_names: frozenset[str] = frozenset()) -> bool:
    """Whether it is proven that every value of one written-out schema is taken by the other; nobody holds values under new names."""
    from jsonschema_rs import canonicalize  # noqa: PLC0415 - takes time to load, and few changes need it

    try:
        held = canonicalize(_without(before, new_names), draft=7, offline=True)
        return str(canonicalize(after, draft=7, offline=True).covers(held)) == "yes"
    except ValueError:
        return False


def refusals(before: Json, after: Json) -> list[Refusal]:
    """Values as connections may hold them, which one written-out schema takes and the other does not, the plainest first."""
    first, second = _validator(before), _validator(after)
    if first is None or second is None:
        return []
    refused = (value for value in samples(before) if first.is_valid(value) and not second.is_valid(value))
    return [refusal for value in islice(refused, _REFUSED) for refusal in _reasons(second, value)]


def names_in(schema: Json) -> frozenset[str]:
    """Every property that a written-out schema names: by a schema for it, or because it is required."""
    return frozenset(_names(schema))


def _reasons(validator: Draft7Validator, value: Json) -> Iterator[Refusal]:
    for error in islice(validator.iter_errors(value), _ERRORS):
        yield Refusal(value, tuple(str(segment) for segment in error.schema_path), error.message)


def _validator(schema: Json) -> Draft7Validator | None:
    from jsonschema_rs import Draft7Validator, RegexOptions  # noqa: PLC0415 - as above

    patterns = RegexOptions(size_limit=_PATTERN_SIZE, dfa_size_limit=_PATTERN_SIZE)
    try:
        return Draft7Validator(schema, validate_formats=False, pattern_options=patterns, offline=True)
    except ValueError:
        return None


def _written_out(schema: Json, root: Json, depth: int, room: _Room) -> Json:
    room.left -= 1
    if room.left < 0 or depth > _DEEPEST:
        raise _Unfit
    if isinstance(schema, list):
        return [_written_out(item, root, depth + 1, room) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _written_out(_target(root, schema["$ref"]), root, depth + 1, room)
    if not schema.keys().isdisjoint(_LATER) or not _is_draft_07(schema.get("$schema")):
        raise _Unfit
    _count_choices(schema, room)
    return {
        key: value if key in _VALUES else _keyword(key, value, root, depth + 1, room)
        for key, value in schema.items()
        if key not in _NOT_ASKED
    }


def _is_draft_07(dialect: Json) -> bool:
    return dialect is None or (isinstance(dialect, str) and _DIALECT.fullmatch(dialect) is not None)


def _keyword(key: str, value: Json, root: Json, depth: int, room: _Room) -> Json:
    if key in _NAMED and isinstance(value, dict):
        return {name: _written_out(item, root, depth, room) for name, item in value.items()}
    return _written_out(value, root, depth, room)


def _count_choices(schema: Document, room: _Room) -> None:
    for keyword, more in (("anyOf", 0), ("oneOf", 1)):
        if isinstance(branches := schema.get(keyword), list):
            room.choices *= max(1, len(branches) + more)
    if isinstance(dependencies := schema.get("dependencies"), dict):
        room.choices *= 2 ** min(len(dependencies), 10)
    room.choices *= 4 if "if" in schema else 1
    if room.choices > _CHOICES:
        raise _Unfit


def _target(root: Json, reference: Json) -> Json:
    found = at_reference(root, reference)
    if not isinstance(found, dict | bool):
        raise _Unfit
    return found


def _without(schema: Json, names: frozenset[str]) -> Json:
    """The schema for objects that have none of these properties, wherever it describes a value by itself."""
    if not names or not isinstance(schema, dict):
        return schema
    properties = schema.get("properties")
    if not isinstance(properties, dict) and "allOf" not in schema:
        return schema
    known: Mapping[str, Json] = properties if isinstance(properties, dict) else {}
    inner = {name: _without(item, names) for name, item in known.items()}
    return schema | {"properties": dict.fromkeys(sorted(names - known.keys()), False) | inner}


def _names(schema: Json) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _names(item)
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        if key in ("properties", "dependencies") and isinstance(value, dict):
            yield from value
        if key == "required" and isinstance(value, list):
            yield from (name for name in value if isinstance(name, str))
        elif key not in _VALUES:
            yield from _names(list(value.values()) if key in _NAMED and isinstance(value, dict) else value)
