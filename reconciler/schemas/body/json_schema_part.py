"""JSON Schema inside of a body: what users are asked for. It is described loosely, because the service takes more than any draft says."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.schemas.nodes import anything, defined, flag, free_mapping, listing, mapping, text

NAME: Final = "jsonSchema"
"""Its name among the definitions; it contains itself."""

_TYPES: Final = ["string", "integer", "number", "boolean", "object", "array", "null"]
_FORMATS: Final = ("password", "date", "date-time", "uri")


def json_schema(description: str) -> Document:
    """A JSON Schema, at this place."""
    return defined(NAME, description)


def _schemas(description: str) -> Document:
    return listing(description, defined(NAME))


def _type() -> Document:
    one: Document = {"enum": _TYPES}
    return {"description": "What kind of value it is: one, or a list of them.", "anyOf": [one, {"type": "array", "items": one}]}


def _items() -> Document:
    alternatives = [defined(NAME), {"type": "array", "items": defined(NAME)}]
    return {"description": "What each entry of a list is.", "anyOf": alternatives}


def _additional() -> Document:
    return {
        "description": "Whether fields beyond `properties` are allowed, or what they are.",
        "anyOf": [{"type": "boolean"}, defined(NAME)],
    }


def _ui_attributes() -> Document:
    return mapping(
        "How the Experience Platform UI treats the field.",
        {"hidden": flag("true keeps the field out of the form, for values that the service fills in itself.")},
    )


def _rest_attributes() -> Document:
    return mapping(
        "How the value is sent to the source: for the keys of a `KeyBased` entry of authSpec.",
        {"headerParamName": text("The header that the key goes out in.", examples=["X-Auth-Key"])},
    )


DEFINITION: Final[Document] = mapping(
    "A JSON Schema (draft-07).",
    {
        "$schema": text("The draft that this is written in.", examples=["http://json-schema.org/draft-07/schema#"]),
        "type": _type(),
        "title": text("The name that the UI shows above the field."),
        "description": text("What the UI says about the field: tell people what to enter, and where they find it."),
        "properties": free_mapping(
            "The fields, by name. A body uses what is entered into one as `${name}`, so a name that is not declared stays empty.",
            defined(NAME),
        ),
        "required": listing(
            "The fields that must be filled in. Each must be among `properties`: a name that is missing there can never be entered.",
            {"type": "string"},
        ),
        "format": text("A finer type. `password` keeps the value hidden in the UI and encrypted at rest.", examples=_FORMATS),
        "enum": listing("The values that may be chosen, in the order in which the menu shows them.", {}),
        "const": anything("The only value that there is."),
        "default": anything("The value that is filled in to begin with."),
        "examples": listing("Values that could be entered.", {}),
        "pattern": text("A regular expression that a text must match."),
        "minimum": {"description": "The least number.", "type": "number"},
        "maximum": {"description": "The greatest number.", "type": "number"},
        "items": _items(),
        "additionalProperties": _additional(),
        "allOf": _schemas("All of these hold."),
        "anyOf": _schemas("At least one of these holds."),
        "oneOf": _schemas("Exactly one of these holds."),
        "not": json_schema("This does not hold."),
        "if": json_schema("Where this holds, `then` must; elsewhere `else`."),
        "then": json_schema("What holds where `if` does."),
        "else": json_schema("What holds where `if` does not."),
        "uiAttributes": _ui_attributes(),
        "restAttributes": _rest_attributes(),
    },
)
