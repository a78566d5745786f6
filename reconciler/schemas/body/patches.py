"""Overlays: JSON Merge Patches of a body (RFC 7396)."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.schemas.nodes import or_null

SUFFIX: Final = "Patch"
"""Suffix of a definition's name for its patch."""

_CONDITIONS: Final = frozenset({"required", "allOf", "if", "then", "else", "default"})
"""Keywords that apply to a complete value and not to a patch."""


def as_patch(node: Document) -> Document:
    """The patch of a value of this shape: any part of it, and null to remove a field. Lists are replaced whole."""
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
    """The definitions and the patch of each."""
    return definitions | {f"{name}{SUFFIX}": as_patch(node) for name, node in definitions.items()}
