"""The sink for JSON: stable, indented, and safe to print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from reconciler.documents.json_text import encode_readable
from reconciler.reports.sinks.escaping import for_json


def to_json(document: Mapping[str, Any] | Struct) -> str:
    """The document as JSON, indented by two spaces, with a final line break. Keys keep their order."""
    return for_json(encode_readable(document)) + "\n"
