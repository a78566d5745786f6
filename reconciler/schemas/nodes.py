"""Building blocks of the schemas. Each is a mapping that is a valid JSON Schema and is never modified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from reconciler.documents.json_text import Document, Json

Properties: TypeAlias = Mapping[str, Document]

_NULL: Final[Document] = {"type": "null"}
ANNOTATIONS: Final = frozenset({"description", "deprecationMessage", "doNotSuggest", "defaultSnippets"})
"""Annotations, which do not restrict values."""


def text(description: str, *, examples: Iterable[str] = ()) -> Document:
    """A string."""
    return _with_examples({"description": description, "type": "string"}, examples)


def filled(description: str, *, examples: Iterable[str] = ()) -> Document:
    """A string that is not blank."""
    return text(description, examples=examples) | {"pattern": r"\S", "patternErrorMessage": "This must not be empty."}


def choice(description: str, values: Mapping[str, str]) -> Document:
    """One of these strings, each with its meaning."""
    return {"description": description, "type": "string", "enum": list(values), "enumDescriptions": list(values.values())}


def suggestion(description: str, values: Mapping[str, str]) -> Document:
    """A string with suggested values; the service may accept others."""
    known: Document = {"enum": list(values), "enumDescriptions": list(values.values())}
    return {"description": description, "anyOf": [known, {"type": "string"}]}


def flag(description: str) -> Document:
    """A boolean."""
    return {"description": description, "type": "boolean"}


def number_or_text(description: str, *, examples: Iterable[int | str] = ()) -> Document:
    """An integer, which published bodies also write as a string."""
    return _with_examples({"description": description, "type": ["integer", "string"]}, examples)


def mapping(description: str, properties: Properties, *, required: Iterable[str] = (), closed: bool = False) -> Document:
    """A mapping with these properties; a closed one allows no others."""
    node: Document = {"description": description, "type": "object", "properties": dict(properties)}
    if needed := list(required):
        node["required"] = needed
    return node | {"additionalProperties": False} if closed else node


def free_mapping(description: str, values: Document | None = None) -> Document:
    """A mapping whose keys the author chooses."""
    node: Document = {"description": description, "type": "object"}
    return node if values is None else node | {"additionalProperties": values}


def listing(description: str, items: Document) -> Document:
    """A list."""
    return {"description": description, "type": "array", "items": items}


def anything(description: str) -> Document:
    """Any value."""
    return {"description": description}


def or_null(node: Document) -> Document:
    """The same schema, or null."""
    if "type" in node:
        kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
        if "null" in kinds:
            return node
        return node | {"type": [*kinds, "null"]} | ({"enum": [*node["enum"], None]} if "enum" in node else {})
    rest = {name: value for name, value in node.items() if name not in ANNOTATIONS}
    if not rest or _NULL in rest.get("anyOf", []):
        return node
    said = {name: value for name, value in node.items() if name in ANNOTATIONS}
    return said | {"anyOf": [*rest["anyOf"], _NULL] if rest.keys() == {"anyOf"} else [rest, _NULL]}


def defined(name: str, description: str | None = None) -> Document:
    """A reference to one of the file's definitions."""
    node: Document = {"$ref": f"#/definitions/{name}"}
    return node if description is None else {"description": description} | node


def when(field: str, value: Json, then: Document) -> Document:
    """A condition: the schema that applies if the field has this value."""
    return {"if": {"properties": {field: {"const": value}}, "required": [field]}, "then": then}


def with_snippets(node: Document, snippets: Mapping[str, Json]) -> Document:
    """The same schema with labelled snippets for editors."""
    return node | {"defaultSnippets": [{"label": label, "body": _as_snippet(body)} for label, body in snippets.items()]}


def _as_snippet(value: Json) -> Json:
    """The value with each `$` escaped, because `$` starts a variable in a snippet."""
    if isinstance(value, dict):
        return {_as_snippet(name): _as_snippet(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_snippet(part) for part in value]
    return value.replace("$", "\\$") if isinstance(value, str) else value


def _with_examples(node: Document, examples: Iterable[Json]) -> Document:
    shown = list(examples)
    return node | {"examples": shown} if shown else node
