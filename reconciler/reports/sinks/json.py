"""The sink for JSON: stable, indented, and safe to print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from reconciler.documents.json_text import encode_readable
from reconciler.reports.sinks.escaping import for_json

FORMAT_VERSION: Final = 1
"""The version of every report (docs/json.md says what changes it)."""
REPORT: Final = "report"
"""The key of a report's name."""


def report_json(name: str, document: Mapping[str, Any]) -> str:
    """A report as JSON: its name and its format version, then its own keys."""
    return to_json(report_document(name, document))


def report_document(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """A report as a JSON object: its name and its format version, then its own keys."""
    return {REPORT: name, "format_version": FORMAT_VERSION, **document}


def to_json(document: Mapping[str, Any] | Struct) -> str:
    """The document as JSON, indented by two spaces, with a final line break. Keys keep their order."""
    return for_json(encode_readable(document)) + "\n"
