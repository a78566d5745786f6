"""The properties that a schema in a spec declares, and which of them are secret. The schema may have any shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import parse_pointer

_LISTS: Final = ("allOf", "anyOf", "oneOf")
_PATTERNS: Final = ("additionalProperties", "patternProperties")
_SINGLE: Final = ("if", "then", "else")
_MOST_SCHEMAS: Final = 2_000
"""Subschemas of one schema that are followed. Beyond them nothing is known."""


def declared(schema: Json) -> dict[str, list[Json]]:
    """The schemas of each property that this schema declares, also below `allOf`, `anyOf`, `oneOf`, `if` and local references."""
    found: dict[str, list[Json]] = {}
    for item in _applied(schema, schema):
        for name, below in _mapping(item, "properties").items():
            found.setdefault(name, []).append(below)
    return found


def allows_others(schema: Json) -> bool:
    """Whether the schema expressly allows properties that it does not declare, or points out of the spec so that this is not known."""
    return any(
        item is None or item.get("additionalProperties") is True or any(_mapping(item, name) for name in _PATTERNS)
        for item in _applied(schema, schema)
    )


def of_others(schema: Json) -> list[Json]:
    """The schemas for properties that are not declared by name."""
    items = [item for item in _applied(schema, schema) if item is not None]
    patterns = [below for item in items for below in _mapping(item, "patternProperties").values()]
    return [*patterns, *(item["additionalProperties"] for item in items if "additionalProperties" in item)]


def required(schema: Json) -> tuple[str, ...]:
    """The names that the schema itself requires, each once."""
    names = schema.get("required") if isinstance(schema, dict) else None
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str))) if isinstance(names, list) else ()


def is_secret(schemas: Iterable[Json], root: Json) -> bool:
    """Whether a schema of a property has `format: password`, at any depth, or points out of the spec so that this is not known."""
    return any(
        item is None or item.get("format") == "password" for schema in schemas for item in _applied(schema, root, is_deep=True)
    )


def accepts_text(schemas: Iterable[Json], root: Json) -> bool:
    """Whether a property may be a string: a schema says so, or none of them says a type."""
    types = [item["type"] for schema in schemas for item in _applied(schema, root) if item is not None and "type" in item]
    return not types or any("string" in written if isinstance(written, list) else written == "string" for written in types)


def _applied(schema: Json, root: Json, *, is_deep: bool = False) -> Iterator[Document | None]:
    """The schema and those that it applies to the same value; with `is_deep`, also to values inside. None for what cannot be read."""
    waiting: list[Json] = [schema]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, dict) or id(item) in seen:
            continue
        seen.add(id(item))
        if len(seen) > _MOST_SCHEMAS:
            yield None
            return
        yield item
        waiting += _below(item, is_deep=is_deep)
        if isinstance(reference := item.get("$ref"), str):
            target = _target(root, reference)
            if target is None:
                yield None
            waiting.append(target)


def _below(item: Document, *, is_deep: bool) -> Iterator[Json]:
    if is_deep:
        for value in item.values():
            yield value
            yield from value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return
    for name in _LISTS:
        yield from item[name] if isinstance(item.get(name), list) else ()
    for name in _SINGLE:
        yield item.get(name)


def _target(root: Json, reference: str) -> Document | None:
    """The schema that a reference of the form `#/…` points to; None for any other reference."""
    try:
        segments = parse_pointer(reference[1:]) if reference.startswith("#") else None
    except ValueError:
        return None
    if segments is None:
        return None
    value = root
    for segment in segments:
        if isinstance(value, list):
            value = value[int(segment)] if segment.isdecimal() and int(segment[:9]) < len(value) else None
        else:
            value = value.get(segment) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else None


def _mapping(item: Document | None, name: str) -> Document:
    found = item.get(name) if item is not None else None
    return found if isinstance(found, dict) else {}
