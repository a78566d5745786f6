"""Building blocks for the schemas of reports, in addition to those for files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.schemas.nodes import Properties, or_null

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def record(description: str, properties: Properties, *, optional: Iterable[str] = ()) -> Document:
    """An object that has all of these keys but the optional ones. It is open: a later release may add keys."""
    left_out = frozenset(optional)
    needed = [name for name in properties if name not in left_out]
    return {"description": description, "type": "object", "properties": dict(properties), "required": needed}


def one_of(description: str, values: Iterable[str]) -> Document:
    """One of these strings."""
    return {"description": description, "type": "string", "enum": [str(value) for value in values]}


def number(description: str) -> Document:
    """A count, or another integer that is never negative."""
    return {"description": description, "type": "integer", "minimum": 0}


def constant(description: str, value: str | int | bool) -> Document:
    """Always this value."""
    return {"description": description, "const": value}


def texts(description: str) -> Document:
    """A list of strings."""
    return {"description": description, "type": "array", "items": {"type": "string"}}


def text_map(description: str) -> Document:
    """An object with keys of its own and strings."""
    return {"description": description, "type": "object", "additionalProperties": {"type": "string"}}


def part(name: str, description: str | None = None) -> Document:
    """A reference to one of the shared definitions."""
    node: Document = {"$ref": f"#/$defs/{name}"}
    return node if description is None else {"description": description} | node


def parts(name: str, description: str) -> Document:
    """A list of one of the shared definitions."""
    return {"description": description, "type": "array", "items": part(name)}


def part_or_null(name: str, description: str) -> Document:
    """One of the shared definitions, or null."""
    return or_null({"description": description} | part(name))
