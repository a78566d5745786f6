"""The fields of a schema, from the records that it shall hold: each scalar of a record becomes a field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.documents.json_text import Document, Json

FieldType: TypeAlias = Literal["string", "integer", "number", "boolean"]

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
"""Names that are valid in a schema, and need no escapes in the source of a mapping."""
_DEEPEST: Final = 8
MOST_FIELDS: Final = 200


@dataclass(frozen=True, slots=True)
class Field:
    """One scalar of the records: where it is in a row, in dotted notation, and the type of all its values."""

    path: tuple[str, ...]
    type: FieldType

    @property
    def source(self) -> str:
        """The path as a mapping names it."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of some records, in the order in which they occur. `left_out` are paths that no field can have, for display."""

    fields: tuple[Field, ...] = ()
    left_out: tuple[str, ...] = ()

    def destination(self, field: Field, tenant: str) -> str:
        """The path of a field in the schema: below the name of the tenant, as all fields of an organization are."""
        return f"_{tenant}.{field.source}"

    def properties(self) -> Document:
        """The JSON Schema `properties` of these fields, with an object for each level."""
        found: Document = {}
        for field in self.fields:
            level = found
            for name in field.path[:-1]:
                level = level.setdefault(name, {"title": name, "type": "object", "properties": {}})["properties"]
            level[field.path[-1]] = {"title": field.path[-1], "type": field.type}
        return found


def fields_of(rows: Iterable[Json]) -> Fields:
    """The fields of these rows. An array is no field; neither is a name with a character that a schema does not allow."""
    types: dict[tuple[str, ...], FieldType] = {}
    left_out: dict[str, None] = {}
    for row in rows:
        for path, value in _scalars(row, (), left_out):
            known = types.get(path)
            types[path] = _type_of(value) if known is None else _common(known, _type_of(value))
    levels = {path[:length] for path in types for length in range(1, len(path))}
    fields: list[Field] = []
    for path, kind in types.items():
        if path in levels or len(fields) >= MOST_FIELDS:
            left_out[".".join(path)] = None
        else:
            fields.append(Field(path, kind))
    return Fields(tuple(fields), tuple(left_out))


def _scalars(value: Json, path: tuple[str, ...], left_out: dict[str, None]) -> Iterator[tuple[tuple[str, ...], Json]]:
    if not isinstance(value, dict):
        return
    for name, item in value.items():
        here = (*path, name)
        if item is None:
            continue
        if not _NAME.fullmatch(name) or isinstance(item, list) or (isinstance(item, dict) and len(here) >= _DEEPEST):
            if len(left_out) < MOST_FIELDS:
                left_out[".".join(part[:40] for part in here)] = None
        elif isinstance(item, dict):
            yield from _scalars(item, here, left_out)
        else:
            yield here, item


def _type_of(value: Json) -> FieldType:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer" if abs(value) < 2**31 else "number"
    return "number" if isinstance(value, float) else "string"


def _common(one: FieldType, other: FieldType) -> FieldType:
    """A type that holds the values of both."""
    if one == other:
        return one
    return "number" if {one, other} == {"integer", "number"} else "string"
