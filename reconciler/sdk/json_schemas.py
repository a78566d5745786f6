"""JSON Schemas in a body: the draft, and the fixed block of batch sources (Self-Serve Sources, "Configure explore specification")."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document

DRAFT_07: Final = "http://json-schema.org/draft-07/schema#"
MISPRINT: Final = "http: //json-schema.org/draft-07/schema#"
"""With a space, as on the page that says to copy the block unchanged."""
_COLUMN: Final[Document] = {"type": "object", "properties": {"name": {"type": "string"}, "type": {"type": "string"}}}
EXPLORE_SPEC: Final[Document] = {
    "name": "Resource",
    "type": "Resource",
    "requestSpec": {"$schema": DRAFT_07, "type": "object"},
    "responseSpec": {
        "$schema": MISPRINT,
        "type": "object",
        "properties": {
            "format": {"type": "string"},
            "schema": {"type": "object", "properties": {"columns": {"type": "array", "items": _COLUMN}}},
            "data": {"type": "array", "items": {"type": "object"}},
        },
    },
}
"""The `exploreSpec` of a batch source."""
STREAMING_EXPLORE: Final = "StreamingConnection"
"""The `exploreSpec.type` of a streaming source."""
