"""Whether exactly this content of a spec was tried: its recording, replayed."""

from __future__ import annotations

from typing import Final

from reconciler.documents.canonical import short_digest
from reconciler.documents.json_text import Document, Json

_FOR_PEOPLE: Final = frozenset({"title", "description", "examples", "example", "$comment", "uiAttributes", "label"})
_BY_NAME: Final = frozenset({"properties", "patternProperties", "definitions", "$defs", "dependentSchemas"})
"""Keywords whose members are schemas by name, so that a property may be called `title`."""
_VALUES: Final = frozenset({"default", "const", "enum"})
"""Keywords whose values are data."""
_ABOUT_THE_SOURCE: Final = frozenset({"uiAttributes", "documentationLink", "isSpecifiedBy"})


def tried_digest(body: Document) -> str:
    """The digest of what decides which records are read: authSpec and sourceSpec, without what only people read.

    An unknown field counts, because it may change what the service does.
    """
    auth, source = body.get("authSpec"), body.get("sourceSpec")
    entries = [_without_words(entry) for entry in auth] if isinstance(auth, list) else auth
    return short_digest({"authSpec": entries, "sourceSpec": _source(source) if isinstance(source, dict) else source})


def _source(source: Document) -> Document:
    """`sourceSpec`: in `attributes` a parameter may be called `title`, so only parts known to be for people are left out there."""
    plain = {name: item for name, item in source.items() if name not in _FOR_PEOPLE}
    if "spec" in plain:
        plain["spec"] = _without_words(plain["spec"])
    attributes = plain.get("attributes")
    if isinstance(attributes, dict):
        plain["attributes"] = {name: item for name, item in attributes.items() if name not in _ABOUT_THE_SOURCE}
    return plain


def _without_words(schema: Json) -> Json:
    """A JSON Schema, or an entry of `authSpec`, without its annotations."""
    if isinstance(schema, list):
        return [_without_words(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _kept(name, item) for name, item in schema.items() if name not in _FOR_PEOPLE}


def _kept(name: str, item: Json) -> Json:
    if name in _VALUES:
        return item
    if name in _BY_NAME and isinstance(item, dict):
        return {key: _without_words(schema) for key, schema in item.items()}
    return _without_words(item)
