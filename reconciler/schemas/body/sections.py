"""The sections that connection specs and flow specs have in common."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.schemas.body.json_schema_part import json_schema
from reconciler.schemas.nodes import choice, filled, flag, listing, mapping, or_null, suggestion, text

PROVIDERS: Final = {
    "0ed90a81-07f4-4586-8190-b40eccef1c5a": "Batch sources, and most sources of Adobe's own.",
    "521eee4d-8cbe-4906-bb48-fb6bd4450033": "Streaming sources.",
    "14e34fac-d307-11e9-bb65-2a2ae2dbcce4": "Destinations.",
}
"""What `providerId` may be, as far as it is published."""

NAME: Final = filled(
    "The name of the live object. While another object has the same name and provider, none is created: nothing could delete a twin."
)
PROVIDER_ID: Final = suggestion("Which of Adobe's services runs it.", PROVIDERS)
VERSION: Final = text('Always "1.0", in quotes: it is a text, and YAML would read a number.', examples=["1.0"])


def _permission() -> Document:
    properties = {
        "name": text("The permission, as access control knows it.", examples=["EnterpriseSource", "StreamingSource"]),
        "@type": text("How finely it is checked.", examples=["lowLevel"]),
        "permissions": listing("What it must allow.", choice("One right.", {"read": "To see it.", "write": "To change it."})),
    }
    return mapping("One permission.", properties)


PERMISSIONS_INFO: Final = mapping(
    "Which permissions a person needs. A file that leaves it out keeps what is live.",
    {
        "view": listing("What is needed to see it.", _permission()),
        "manage": listing("What is needed to make and change connections with it.", _permission()),
    },
)

API_FEATURES: Final = mapping(
    "What the API allows for this kind of source.",
    {
        "explorePaginationSupported": flag("Whether exploring returns page after page. false for a batch source."),
        "updateSupported": flag("Whether a connection can be changed after it is made."),
        "flowRunsSupported": flag("Whether flows have runs that can be listed."),
    },
)

MARKER: Final[Document] = {
    "description": "The ownership marker. Only an apply writes it: a file that has one is in error.",
    "not": {},
    "deprecationMessage": "`attributes.reconciler` is the ownership marker; only apply writes it: remove it.",
    "doNotSuggest": True,
}


def spec_part(description: str) -> Document:
    """A section that names itself and holds a JSON Schema, such as `optionSpec`."""
    properties = {
        "name": text("Its name, which flows refer to."),
        "type": text("Its kind."),
        "spec": json_schema("What may be given: a JSON Schema of an object."),
    }
    return mapping(description, properties)


def sections(own: dict[str, Document]) -> dict[str, Document]:
    """Every section of a body: these, which a null removes, and those that the service sets itself."""
    return {name: or_null(node) for name, node in own.items()} | {name: _managed(name) for name in sorted(SERVER_MANAGED)}


def _managed(name: str) -> Document:
    advice = "To name the live object, write `ids`." if name == "id" else "Remove it."
    sentence = f"Set by the service: it is neither compared nor sent. {advice}"
    return {"description": sentence, "deprecationMessage": sentence, "doNotSuggest": True}
