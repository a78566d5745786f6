"""The JSON Schemas that a body holds, and the schemas in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import Segments
from reconciler.lint.subject import Subject, entries_of, properties_of

_MAPPINGS: Final = ("properties", "patternProperties", "definitions", "dependencies", "$defs")
"""Keywords whose values hold schemas by name."""
_LISTS: Final = ("allOf", "anyOf", "oneOf")
_SAME_LEVEL: Final = (*_LISTS, "if", "then", "else", "not")
"""Keywords whose schemas describe the same value again."""
_BELOW: Final = ("items", "additionalItems", "additionalProperties", "contains", "propertyNames")

_OF_LISTS: Final = ("authSpec", "transformationSpecs", "transformationSpec", "transformationSpecDTOS", "encryptionSpecs")
_OF_MAPPINGS: Final = ("sourceSpec", "targetSpec", "optionSpec", "scheduleSpec")


def embedded(subject: Subject) -> Iterator[tuple[Segments, Json]]:
    """Each JSON Schema of a body, with its path: by its place, or, in `exploreSpec`, by its `$schema`."""
    for section in _OF_MAPPINGS:
        yield from _schema(subject.at((section, "spec")), (section, "spec"))
    yield from _schema(subject.at(("sourceSpec", "schema")), ("sourceSpec", "schema"))
    for section in _OF_LISTS:
        for index, entry in entries_of(subject.body.get(section)):
            if isinstance(entry, dict):
                yield from _schema(entry.get("spec"), (section, index, "spec"))
    yield from _marked(subject.body.get("exploreSpec"), ("exploreSpec",))


def _schema(value: Json, path: Segments) -> Iterator[tuple[Segments, Json]]:
    if value is not None:
        yield path, value


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
