"""The JSON Schema of rows, as a preview shows it beside them: what their values are, and nothing that is not in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reconciler.documents.json_text import Json

_LARGEST: Final = 9_007_199_254_740_991
"""The published schemas bound integers at ±2^53."""
_DEEPEST: Final = 20


def schema_of(rows: Sequence[Json]) -> dict[str, Any]:
    """The schema of an object with the fields of all rows."""
    found = _object([row for row in rows if isinstance(row, dict)], 0)
    return {"type": "object", "properties": found.get("properties", {})}


def _of(values: Sequence[Json], depth: int) -> dict[str, Any]:
    kinds = {_kind(value) for value in values if value is not None}
    if kinds == {"integer", "number"}:
        kinds = {"number"}
    if len(kinds) != 1 or depth > _DEEPEST:
        return {"type": "string"} if not kinds or len(kinds) > 1 else {"type": kinds.pop()}
    kind = kinds.pop()
    if kind == "object":
        return _object([value for value in values if isinstance(value, dict)], depth)
    if kind == "array":
        return {"type": "array", "items": _of([item for value in values if isinstance(value, list) for item in value], depth + 1)}
    return {"type": kind, "minimum": -_LARGEST - 1, "maximum": _LARGEST} if kind == "integer" else {"type": kind}


def _object(values: Sequence[Mapping[str, Json]], depth: int) -> dict[str, Any]:
    members: dict[str, list[Json]] = {}
    for value in values:
        for name, item in value.items():
            members.setdefault(name, []).append(item)
    return {"type": "object", "properties": {name: _of(items, depth + 1) for name, items in members.items()}}


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    for kind, python in (("integer", int), ("number", float), ("object", dict), ("array", list)):
        if isinstance(value, python):
            return kind
    return "string"
