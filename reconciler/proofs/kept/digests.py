"""The content that a trial and a proof are about: digests of the parts of a spec that decide what is read, and of proof.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from reconciler.documents.canonical import digest, same, short_digest
from reconciler.documents.json_text import Document, Json

PROVED_SECTIONS: Final = ("authSpec", "sourceSpec", "exploreSpec")
"""The sections that a proof is about. The rest of a spec may change without another proof."""
_TRIED_SECTIONS: Final = ("authSpec", "sourceSpec")

_FOR_PEOPLE: Final = frozenset({"title", "description", "examples", "example", "$comment", "uiAttributes", "label"})
_BY_NAME: Final = frozenset({"properties", "patternProperties", "definitions", "$defs", "dependentSchemas"})
"""Keywords whose members are schemas by name, so that a property may be called `title`."""
_VALUES: Final = frozenset({"default", "const", "enum"})
"""Keywords whose values are data."""
_ABOUT_THE_SOURCE: Final = frozenset({"uiAttributes", "documentationLink", "isSpecifiedBy"})
_ABOUT_THE_RUN: Final = frozenset({"kind", "key", "targets", "cleanup", "submission"})
"""Keys of proof.yaml that change where a proof may run, what stays and what is submitted, and nothing of what it shows."""


def tried_digest(body: Document) -> str:
    """The digest of what decides which records are read: authSpec and sourceSpec, without what only people read.

    An unknown field counts, because it may change what the service does.
    """
    return short_digest({name: _section(body, name) for name in _TRIED_SECTIONS})


def are_tried_alike(one: Document, other: Document) -> bool:
    """Whether `tried_digest` is the same for both."""
    return _are_alike(one, other, _TRIED_SECTIONS)


def are_proved_alike(one: Document, other: Document) -> bool:
    """Whether `section_digests` are the same for both."""
    return _are_alike(one, other, PROVED_SECTIONS)


def _are_alike(one: Document, other: Document, names: Iterable[str]) -> bool:
    """Sections that are written alike need no canonical form, which a digest does."""
    return all(same(_section(one, name), _section(other, name), (name,)) for name in names)


def section_digests(body: Document) -> Mapping[str, str]:
    """The SHA-256 digest of each section that a proof is about, in hexadecimal, without what only people read.

    `body` has the overlay of the target. A missing section has the digest of null, so that adding it needs another proof.
    """
    return {name: digest(_section(body, name), (name,)) for name in PROVED_SECTIONS}


def proof_digest(document: Document) -> str:
    """The SHA-256 digest of the content of proof.yaml, in hexadecimal; `{}` is that of a spec without one.

    It leaves out where a proof may run (`targets`), what stays (`cleanup`), and what `submit` says (`submission`). Values from the
    environment are not in it.
    """
    return digest({name: value for name, value in document.items() if name not in _ABOUT_THE_RUN}, ("proof",))


def _section(body: Document, name: str) -> Json:
    section = body.get(name)
    if name == "authSpec" and isinstance(section, list):
        return [_without_words(entry) for entry in section]
    if name == "sourceSpec" and isinstance(section, dict):
        return _source(section)
    return section


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
