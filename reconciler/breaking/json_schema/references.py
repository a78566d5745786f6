"""References in a JSON Schema. They are followed only inside the same schema, and nothing is fetched."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing
from reconciler.documents.pointer import parse_pointer

ANYTHING: Final[Document] = {}
"""The schema that accepts every value, like `true` or a missing schema."""
NOTHING: Final[Document] = {"not": {}}
"""The schema that accepts no value, like `false`."""
_REFERENCES: Final = 20
"""Maximum length of a chain of references."""


def resolved(schema: Json | Missing, root: Json) -> Document | None:
    """The schema as an object, with references resolved; None if it is not a schema or a reference cannot be resolved."""
    for _ in range(_REFERENCES):
        if schema is MISSING or schema is True:
            return ANYTHING
        if schema is False:
            return NOTHING
        if not isinstance(schema, dict):
            return None
        if "$ref" not in schema:
            return schema
        schema = at_reference(root, schema["$ref"])
    return None


def at_reference(root: Json, reference: Json) -> Json:
    """The target of a local reference; None, which is not a schema, for any other or an unresolvable one."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    try:
        segments = parse_pointer(reference[1:])
    except ValueError:
        return None
    for segment in segments:
        if isinstance(root, list):
            root = next((item for index, item in enumerate(root) if str(index) == segment), None)
        else:
            root = root.get(segment) if isinstance(root, dict) else None
    return root
