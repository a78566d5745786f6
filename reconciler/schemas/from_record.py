"""A record as a JSON Schema node: its types, defaults and required keys, with what a record cannot say merged in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeAlias

from reconciler.documents.json_text import Document, Json
from reconciler.documents.merge import merge_patch
from reconciler.documents.readers import ListOf, MapOf, OrNull, Reader, Record, Scalar
from reconciler.schemas.nodes import or_null

Notes: TypeAlias = Mapping[str, Document]
"""For each key a JSON Merge Patch of what the record says: a description, and limits that only its checks know."""


def from_record(record: Record[Any], description: str, notes: Notes) -> Document:
    """The mapping that is read. Raises ValueError if keys and notes are not one to one."""
    if record.keys.keys() != notes.keys():
        raise ValueError(f"{record.make.__name__} and its notes differ in {sorted(record.keys.keys() ^ notes.keys())}")
    defaults = {field.name: field.default for field in fields(record.make)}
    properties = {
        key: merge_patch(_by_name(_node(reader) | _default(defaults[record.fields.get(key, key)])), notes[key])
        for key, reader in record.keys.items()
    }
    required: Document = {"required": list(record.required)} if record.required else {}
    return {"description": description, "type": "object", "properties": properties} | required | {"additionalProperties": False}


def _by_name(node: Document) -> Document:
    """The same, in an order that does not hang on the reader."""
    return dict(sorted(node.items()))


def _node(reader: Reader) -> Document:
    match reader:
        case OrNull(item):
            return or_null(_node(item))
        case ListOf(item, least):
            return {"items": _node(item), "type": "array"} | ({"minItems": least} if least else {})
        case MapOf(item, _, least):
            return {"additionalProperties": _node(item), "type": "object"} | ({"minProperties": least} if least else {})
        case Scalar(kind, _, choices):
            return ({"type": kind} if kind else {}) | _choices(choices)
        case _:
            return {}


def _choices(choices: tuple[str, ...]) -> Document:
    return {"const": choices[0]} if len(choices) == 1 else {"enum": list(choices)} if choices else {}


def _default(value: Any) -> Document:
    shown: Json = list(value) if isinstance(value, tuple) and value else value
    return {"default": shown} if isinstance(shown, bool | int | float | str | list) else {}
