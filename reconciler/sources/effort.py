"""How much work it is to check values against a schema: references can double it with each line, and a check cannot be interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from reconciler.documents.json_text import Json
from reconciler.documents.places import MISSING

_MOST: Final = 100_000
"""Pairs of a schema and a value."""
_LISTS: Final = ("allOf", "anyOf", "oneOf")
_SINGLE: Final = ("not", "if", "then", "else")


def is_too_much(schema: Json, value: Json) -> bool:
    """Whether a check would compare more than 100,000 pairs of a schema and a value, or that cannot be known."""
    due, done = [(schema, value)], 0
    while due:
        done += 1
        one, about = due.pop()
        if not isinstance(one, dict):
            continue
        if done > _MOST or (one is not schema and isinstance(one.get("$id"), str)):
            return True
        if isinstance(reference := one.get("$ref"), str):
            to = _behind(schema, reference)
            if to is MISSING:
                return True
            due.append((to, about))
        due += ((part, about) for part in _in_place(one))
        due += _below(one, about)
    return False


def _behind(root: Json, reference: str) -> Json:
    """The schema behind a reference into the same file; MISSING for any other reference."""
    start, *steps = unquote(reference).split("/")
    found = root if start == "#" else MISSING
    for step in steps:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list):
            found = found[int(name)] if name.isdecimal() and int(name[:9]) < len(found) else MISSING
        else:
            found = found.get(name, MISSING) if isinstance(found, dict) else MISSING
    return found


def _in_place(schema: dict[str, Json]) -> Iterator[Json]:
    """The parts of a schema that apply to the same value."""
    for name in _LISTS:
        parts = schema.get(name)
        yield from parts if isinstance(parts, list) else ()
    yield from (schema[name] for name in _SINGLE if name in schema)
    yield from _members(schema.get("dependencies"))


def _below(schema: dict[str, Json], value: Json) -> Iterator[tuple[Json, Json]]:
    """The parts of a schema that apply to members and items of the value, with these."""
    if isinstance(value, dict):
        properties = schema.get("properties")
        own = properties if isinstance(properties, dict) else {}
        others = [*_members(schema.get("patternProperties")), schema.get("additionalProperties"), schema.get("propertyNames")]
        for name, item in value.items():
            yield own.get(name), item
            yield from ((part, item) for part in others)
    elif isinstance(value, list):
        items = schema.get("items")
        parts = [*(items if isinstance(items, list) else [items]), schema.get("additionalItems"), schema.get("contains")]
        yield from ((part, item) for item in value for part in parts)


def _members(value: Json) -> list[Json]:
    return list(value.values()) if isinstance(value, dict) else []
