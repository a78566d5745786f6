"""Generates a JSON Schema node from a record's types, defaults and required keys, merged with notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeAlias

from reconciler.documents.json_text import Document, Json
from reconciler.documents.merge import merge_patch
from reconciler.documents.readers import ListOf, MapOf, OrNull, Reader, Record, Scalar
from reconciler.schemas.nodes import or_null

Notes: TypeAlias = Mapping[str, Document]
"""A JSON Merge Patch per key: its description, and limits that only the record's checks define."""


def from_record(record: Record[Any], description: str, notes: Notes) -> Document:
    """The schema of the mapping. Raises ValueError if keys and notes do not match one to one."""
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
    """The same with keys sorted by name, independent of the reader."""
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
