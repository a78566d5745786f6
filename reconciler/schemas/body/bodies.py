"""The bodies of connection specs and flow specs that the API accepts."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SERVER_MANAGED, names_of
from reconciler.schemas.body.fields import node_of
from reconciler.schemas.nodes import mapping, or_null
from reconciler.sdk.fields import Field
from reconciler.sdk.sections import SECTIONS

_MARKER: Final[Document] = {
    "description": "The ownership marker. Only apply writes it: a file that has one is invalid.",
    "not": {},
    "deprecationMessage": "`attributes.reconciler` is the ownership marker; only apply writes it: remove it.",
    "doNotSuggest": True,
}
_REQUIRED: Final = ("name", "providerId")
"""The service requires them, so an overlay cannot remove them with null."""


def body_of(kind: Kind) -> Document:
    """The schema of a body of this kind."""
    properties = {name: _section(item, name) for item in SECTIONS[kind] for name in names_of(item.name)}
    managed = {name: _managed(name) for name in sorted(SERVER_MANAGED)}
    words = f"The body of a {kind.words}, as the API accepts it. A section that is left out stays as it is live; null removes it."
    return mapping(words, properties | managed)


def _section(item: Field, name: str) -> Document:
    node = node_of(item)
    if item.name == "attributes":
        node |= {"properties": node["properties"] | {"reconciler": _MARKER}}
    if name != item.name:
        node |= {"description": f"Another spelling of `{item.name}`, in some published pages."}
    return node if name in _REQUIRED else or_null(node)


def _managed(name: str) -> Document:
    advice = "To name the live object, write `ids`." if name == "id" else "Remove it."
    sentence = f"Set by the service: it is neither compared nor sent. {advice}"
    return {"description": sentence, "deprecationMessage": sentence, "doNotSuggest": True}
