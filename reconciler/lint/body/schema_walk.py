"""The JSON Schemas embedded in a body, their subschemas, and the properties that they declare."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache
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
"""Keywords whose schemas describe the same value."""
_DECLARING: Final = (*_LISTS, "if", "then", "else")
"""Keywords of these whose schemas may declare more properties."""
_BELOW: Final = ("items", "additionalItems", "additionalProperties", "contains", "propertyNames")
_MAX_REFERENCES: Final = 20
"""Maximum length of a chain of references."""

_WITH_SCHEMAS: Final = tuple(
    (name, field.name, section.shape)
    for section in {**by_name(CONNECTION_SECTIONS), **by_name(FLOW_SECTIONS)}.values()
    for field in section.fields
    if field.shape is Shape.SCHEMA and section.name != "exploreSpec"
    for name in names_of(section.name)
)
"""Sections with a JSON Schema: their names, the field with the schema, and the shape of the section."""


class Embedded(NamedTuple):
    """A JSON Schema in a body, with its path."""

    path: Segments
    schema: Json


class Declared(NamedTuple):
    """A property declared anywhere in a schema: its path, its name, and its schema with references resolved."""

    path: Segments
    name: str
    schema: Document
    behind: Segments
    """The path of the schema itself: `path`, or the target of the property's reference."""


class Part(NamedTuple):
    """A schema or subschema that is a mapping, with its path, and the properties that enclosing schemas declare for the same value."""

    path: Segments
    schema: Document
    above: tuple[Document, ...]
    whole: Embedded
    """The schema that it is part of, and that is no part of another."""


@lru_cache(maxsize=1)
def embedded(subject: Subject) -> tuple[Embedded, ...]:
    """Each JSON Schema of a body: in the fields that hold one, and wherever `exploreSpec` has a `$schema`. Kept for the next rule."""
    return tuple(itertools.starmap(Embedded, _embedded(subject)))


@lru_cache(maxsize=1)
def schemas_of(subject: Subject) -> tuple[Part, ...]:
    """Each JSON Schema of a body and each of its subschemas. Kept for the next rule."""
    return tuple(Part(*found, whole) for whole in embedded(subject) for found in schemas_in(whole.schema, whole.path))


def _embedded(subject: Subject) -> Iterator[tuple[Segments, Json]]:
    for section, field, shape in _WITH_SCHEMAS:
        value = subject.body.get(section)
        for place in ((index,) for index, _ in entries_of(value)) if shape is Shape.BLOCKS else ((),):
            entry = value_at(value, place)
            if isinstance(entry, dict) and entry.get(field) is not None:
                yield (section, *place, field), entry[field]
    yield from _marked(subject.body.get("exploreSpec"), ("exploreSpec",))


def _marked(value: Json, path: Segments) -> Iterator[tuple[Segments, Json]]:
    """Each mapping with a `$schema`; those inside of another one belong to it."""
    due = [(path, value)]
    while due:
        place, item = due.pop()
        if isinstance(item, dict) and "$schema" in item:
            yield place, item
        elif isinstance(item, dict):
            due += [((*place, name), child) for name, child in reversed(item.items())]


def schemas_in(schema: Json, path: Segments) -> Iterator[tuple[Segments, Document, tuple[Document, ...]]]:
    """A schema and each of its subschemas, with its path and with the properties that enclosing schemas declare for the same value."""
    due: list[tuple[Segments, Json, tuple[Document, ...]]] = [(path, schema, ())]
    while due:
        place, item, above = due.pop()
        if not isinstance(item, dict):
            continue
        yield place, item, above
        around = (*above, properties_of(item))
        due += reversed([(where, child, around if same else ()) for where, child, same in _children(item, place)])


def declarations(schema: Json, path: Segments = ()) -> Iterator[Declared]:
    """Each property of the value that a schema describes, declared directly or in another part of the schema.

    These parts are in `allOf`, `anyOf`, `oneOf`, `if`, `then`, `else`, `dependencies`, and references within the schema. A property that
    several parts declare is yielded several times.
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
    """The names of all properties that a schema declares for its value."""
    return frozenset(found.name for found in declarations(schema))


def target_of(schema: Json, reference: Json) -> Segments | None:
    """The path in the schema of a reference of the form `#/…`; None for any other reference, and if there is no schema at that path."""
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
    """The other parts of the schema that describe the same value as this part."""
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
    """The path and the schema of a part after its references are resolved; its own keywords take precedence. A dangling reference stays."""
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
    """The direct subschemas of a schema, and whether each describes the same value."""
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
