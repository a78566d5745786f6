"""JSON Merge Patch (RFC 7396), for overlays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.documents.json_text import Document, Json


def merge_patch(target: Json, patch: Json) -> Json:
    """The target with the patch merged into it; the target itself is not changed."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def overlay(body: Document, patch: Document) -> Document:
    """A spec body with a target's overlay: a merge patch, but a top-level null stays, because it removes the live section."""
    merged: Document = merge_patch(body, patch)
    return merged | {section: None for section, value in patch.items() if value is None}
