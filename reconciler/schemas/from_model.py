"""A pydantic model as a JSON Schema node: its types, defaults and required fields, with what a model cannot say merged in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from pydantic import BaseModel

from reconciler.documents.json_text import Document
from reconciler.documents.merge import merge_patch
from reconciler.schemas.nodes import or_null

Notes: TypeAlias = Mapping[str, Document]
"""For each field, as it is written, a JSON Merge Patch of what the model says: a description, and limits that only its checks know."""


def from_model(model: type[BaseModel], description: str, notes: Notes) -> Document:
    """The mapping that the model reads. Raises ValueError if fields and notes are not one to one."""
    made = model.model_json_schema()
    fields: Document = made["properties"]
    if fields.keys() != notes.keys():
        raise ValueError(f"{model.__name__} and its notes differ in {sorted(fields.keys() ^ notes.keys())}")
    properties = {name: merge_patch(_plain(node), notes[name]) for name, node in fields.items()}
    kept = {name: made[name] for name in ("required", "additionalProperties") if name in made}
    return {"description": description, "type": "object", "properties": properties} | kept


def _plain(node: Document) -> Document:
    """The field without pydantic's titles, nulls as defaults and references; `x or null` as one node."""
    kept = {name: value for name, value in node.items() if name not in {"title", "$ref"} and (name, value) != ("default", None)}
    alternatives = kept.get("anyOf", [])
    others = [alternative for alternative in alternatives if alternative != {"type": "null"}]
    if len(others) == 1 and len(alternatives) > 1:
        del kept["anyOf"]
        return or_null(others[0]) | kept
    return kept
