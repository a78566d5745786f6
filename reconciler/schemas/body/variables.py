"""Variables in a body: `{var: NAME}` and `{literal: …}` are accepted wherever a value is."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.variables import LITERAL, VARIABLE
from reconciler.schemas.nodes import ANNOTATIONS, defined

NAME: Final = "variable"
"""The name of its definition, which is recursive: a literal may hold another."""
_CHILDREN: Final = ("properties", "items", "additionalProperties", "anyOf")


def _only(key: str, value: Document) -> Document:
    return {"properties": {key: {"doNotSuggest": True} | value}, "required": [key]}


_SELECTED: Final = frozenset({"enum", "const"})
"""Keywords whose values editors offer, which they do not look for below `else`."""
DEFINITION: Final[Document] = {
    "type": "object",
    "maxProperties": 1,
    "anyOf": [
        _only(VARIABLE, {"description": "The name of a variable in `vars` of reconciler.yaml.", "type": "string"}),
        _only(LITERAL, defined(NAME, "The mapping to send as it is written.")),
    ],
}


def with_variables(body: Document) -> Document:
    """The schema of a body or a patch in which every value may be a variable. The body as a whole may not."""
    return body | {key: _child(key, body[key]) for key in _CHILDREN if isinstance(body.get(key), dict | list)}


def or_variable(node: Document) -> Document:
    """The schema of a value, or a variable. Annotations stay where editors look for them."""
    made = with_variables(node)
    rest = {key: value for key, value in made.items() if key not in ANNOTATIONS}
    if not rest or "$ref" in rest or "not" in rest:
        return made  # accepts anything, accepts variables where it is defined, or accepts nothing
    said = {key: value for key, value in made.items() if key in ANNOTATIONS}
    if rest.keys() == {"anyOf"}:
        return said | {"anyOf": [*rest["anyOf"], defined(NAME)]}
    if not _SELECTED.isdisjoint(rest):
        return said | {"anyOf": [rest, defined(NAME)]}
    return said | {"if": defined(NAME), "else": rest}


def _child(key: str, value: Document | list[Document]) -> Document | list[Document]:
    if isinstance(value, list):
        return [with_variables(one) for one in value]
    if key == "properties":
        return {name: or_variable(node) for name, node in value.items()}
    return or_variable(value)
