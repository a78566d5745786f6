"""The schema of JSON Schemas in a body, which describe user input. It is loose because the service accepts more than any draft allows."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.schemas.nodes import anything, defined, flag, free_mapping, listing, mapping, text

NAME: Final = "jsonSchema"
"""The name of its definition, which is recursive."""

_TYPES: Final = ["string", "integer", "number", "boolean", "object", "array", "null"]
_FORMATS: Final = ("password", "date", "date-time", "uri")


def json_schema(description: str) -> Document:
    """A JSON Schema at this place."""
    return defined(NAME, description)


def _schemas(description: str) -> Document:
    return listing(description, defined(NAME))


def _type() -> Document:
    one: Document = {"enum": _TYPES}
    return {"description": "The type of the value: one, or a list of them.", "anyOf": [one, {"type": "array", "items": one}]}


def _items() -> Document:
    alternatives = [defined(NAME), {"type": "array", "items": defined(NAME)}]
    return {"description": "The schema of each entry of a list.", "anyOf": alternatives}


def _additional() -> Document:
    return {
        "description": "Whether fields besides `properties` are allowed, or their schema.",
        "anyOf": [{"type": "boolean"}, defined(NAME)],
    }


def _ui_attributes() -> Document:
    return mapping(
        "How the Experience Platform UI treats the field.",
        {"hidden": flag("true hides the field in the form, for values that the service fills in itself.")},
    )


def _rest_attributes() -> Document:
    return mapping(
        "How the value is sent to the source, for the keys of a `KeyBased` entry of authSpec.",
        {"headerParamName": text("The header that the key is sent in.", examples=["X-Auth-Key"])},
    )


DEFINITION: Final[Document] = mapping(
    "A JSON Schema (draft-07).",
    {
        "$schema": text("The draft of this schema.", examples=["http://json-schema.org/draft-07/schema#"]),
        "type": _type(),
        "title": text("The name that the UI shows above the field."),
        "description": text("The text that the UI shows for the field: what to enter, and where to find it."),
        "properties": free_mapping(
            "The fields, by name. A body uses an entered value as `${name}`; a name that is not declared stays empty.",
            defined(NAME),
        ),
        "required": listing(
            "The required fields. Each must be in `properties`: users cannot enter a name that is not there.",
            {"type": "string"},
        ),
        "format": text("The format of the value. `password` hides it in the UI and encrypts it at rest.", examples=_FORMATS),
        "enum": listing("The allowed values, in the order of the menu.", {}),
        "const": anything("The only allowed value."),
        "default": anything("The initial value."),
        "examples": listing("Values that could be entered.", {}),
        "pattern": text("A regular expression that a string must match."),
        "minimum": {"description": "The minimum.", "type": "number"},
        "maximum": {"description": "The maximum.", "type": "number"},
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
