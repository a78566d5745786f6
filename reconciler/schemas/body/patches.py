"""Overlays: what may be merged into a body (JSON Merge Patch, RFC 7396)."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.schemas.nodes import or_null

SUFFIX: Final = "Patch"
"""A definition's patch is the definition of its name with this."""

_CONDITIONS: Final = frozenset({"required", "allOf", "if", "then", "else", "default"})
"""What holds for a whole and not for a part."""


def as_patch(node: Document) -> Document:
    """What may be merged into a value of this shape: any part of it, and null where a field is to go. A list is replaced whole."""
    if "$ref" in node:
        return node | {"$ref": f"{node['$ref']}{SUFFIX}"}
    made = {name: value for name, value in node.items() if name not in _CONDITIONS}
    if "properties" in made:
        made["properties"] = {name: or_null(as_patch(part)) for name, part in made["properties"].items()}
    if isinstance(made.get("additionalProperties"), dict):
        made["additionalProperties"] = or_null(as_patch(made["additionalProperties"]))
    if "anyOf" in made:
        made["anyOf"] = [as_patch(alternative) for alternative in made["anyOf"]]
    return made


def with_patches(definitions: dict[str, Document]) -> dict[str, Json]:
    """The definitions, and the patch of each."""
    return definitions | {f"{name}{SUFFIX}": as_patch(node) for name, node in definitions.items()}
