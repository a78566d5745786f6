"""The JSON Schemas that a body holds, the schemas in them, and what they declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import Segments, parse_pointer
from reconciler.documents.semantics import names_of
from reconciler.lint.subject import Subject, entries_of, properties_of, value_at
from reconciler.sdk.fields import Shape, by_name
from reconciler.sdk.sections import CONNECTION_SECTIONS, FLOW_SECTIONS

_MAPPINGS: Final = ("properties", "patternProperties", "definitions", "dependencies", "$defs")
"""Keywords whose values hold schemas by name."""
_LISTS: Final = ("allOf", "anyOf", "oneOf")
_SAME_LEVEL: Final = (*_LISTS, "if", "then", "else", "not")
"""Keywords whose schemas describe the same value again."""
_DECLARING: Final = (*_LISTS, "if", "then", "else")
"""Those of them by which a schema may ask for more properties."""
_BELOW: Final = ("items", "additionalItems", "additionalProperties", "contains", "propertyNames")
_MAX_REFERENCES: Final = 20
"""References that lead to each other."""

_WITH_SCHEMAS: Final = tuple(
    (name, field.name, section.shape)
    for section in {**by_name(CONNECTION_SECTIONS), **by_name(FLOW_SECTIONS)}.values()
    for field in section.fields
    if field.shape is Shape.SCHEMA and section.name != "exploreSpec"
    for name in names_of(section.name)
)
"""Sections that have a JSON Schema, under which name, and whether they are lists."""


class Declared(NamedTuple):
    """A property that a schema declares, wherever in it: where, its name, and its schema with what a reference in it stands for."""

    path: Segments
    name: str
    schema: Document
    behind: Segments
    """Where the schema itself is: at `path`, or where the property's reference leads."""


def embedded(subject: Subject) -> Iterator[tuple[Segments, Json]]:
    """Each JSON Schema of a body, with its path: by its place, or, in `exploreSpec`, by its `$schema`."""
    for section, field, shape in _WITH_SCHEMAS:
        value = subject.body.get(section)
        for place in ((index,) for index, _ in entries_of(value)) if shape is Shape.BLOCKS else ((),):
            entry = value_at(value, place)
            if isinstance(entry, dict) and entry.get(field) is not None:
                yield (section, *place, field), entry[field]
    yield from _marked(subject.body.get("exploreSpec"), ("exploreSpec",))


def _marked(value: Json, path: Segments) -> Iterator[tuple[Segments, Json]]:
    """What says of itself that it is a schema; what is in it belongs to it."""
    due = [(path, value)]
    while due:
        place, item = due.pop()
        if isinstance(item, dict) and "$schema" in item:
            yield place, item
        elif isinstance(item, dict):
            due += [((*place, name), child) for name, child in reversed(item.items())]


def schemas_in(schema: Json, path: Segments) -> Iterator[tuple[Segments, Document, tuple[Document, ...]]]:
    """A schema and each one in it, with the properties that the schemas around it declare for the same value."""
    due: list[tuple[Segments, Json, tuple[Document, ...]]] = [(path, schema, ())]
    while due:
        place, item, above = due.pop()
        if not isinstance(item, dict):
            continue
        yield place, item, above
        around = (*above, properties_of(item))
        due += reversed([(where, child, around if same else ()) for where, child, same in _children(item, place)])


def declarations(schema: Json, path: Segments = ()) -> Iterator[Declared]:
    """Each property of the value that a schema describes: its own, and those that it declares in other parts of it.

    These are what `allOf`, `anyOf`, `oneOf`, `if`, `then`, `else`, `dependencies` and references within the schema hold. A property that
    several of them declare comes several times.
    """
    due: list[tuple[Segments, Json]] = [((), schema)]
    seen: set[Segments] = set()
    while due:
        place, item = due.pop()
        if place in seen or not isinstance(item, dict):
            continue
        seen.add(place)
        for name, part in properties_of(item).items():
            where = (*place, "properties", name)
            behind, found = _resolved(schema, part, where)
            yield Declared((*path, *where), name, found, (*path, *behind))
        due += reversed(list(_declaring(schema, item, place)))


def declared_names(schema: Json) -> frozenset[str]:
    """The names of all properties that a schema may ask for."""
    return frozenset(found.name for found in declarations(schema))


def target_of(schema: Json, reference: Json) -> Segments | None:
    """Where in the schema a reference of the form `#/…` leads; None for any other, and for one that leads nowhere."""
    if reference == "#":
        return ()
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    try:
        place = parse_pointer(reference[1:])
    except ValueError:
        return None
    return place if isinstance(value_at(schema, place), dict | bool) else None


def _declaring(schema: Json, item: Document, place: Segments) -> Iterator[tuple[Segments, Json]]:
    """What else describes the value that this part of the schema does."""
    for keyword in _DECLARING:
        value = item.get(keyword)
        if isinstance(value, list):
            yield from (((*place, keyword, index), part) for index, part in entries_of(value))
        elif isinstance(value, dict):
            yield (*place, keyword), value
    for keyword in ("dependencies", "dependentSchemas"):
        if isinstance(item.get(keyword), dict):
            yield from (((*place, keyword, name), part) for name, part in item[keyword].items())
    target = target_of(schema, item.get("$ref"))
    if target is not None:
        yield target, value_at(schema, target)


def _resolved(schema: Json, part: Json, place: Segments) -> tuple[Segments, Document]:
    """A part of a schema, with what its references stand for beside its own keywords; a reference that leads nowhere stays."""
    own = part if isinstance(part, dict) else {}
    for _ in range(_MAX_REFERENCES):
        target = target_of(schema, own.get("$ref"))
        if target is None:
            break
        there = value_at(schema, target)
        own = {**(there if isinstance(there, dict) else {}), **{key: value for key, value in own.items() if key != "$ref"}}
        place = target
    return place, own


def _children(schema: Document, path: Segments) -> Iterator[tuple[Segments, Json, bool]]:
    """The schemas right below one, and whether they describe the same value."""
    for keyword, value in schema.items():
        place = (*path, keyword)
        if keyword in _SAME_LEVEL or keyword in _BELOW:
            same = keyword in _SAME_LEVEL
            if isinstance(value, list):
                yield from (((*place, index), item, same) for index, item in entries_of(value))
            else:
                yield place, value, same
        elif keyword in _MAPPINGS:
            yield from (((*place, name), item, keyword == "dependencies") for name, item in entries_of(value))
