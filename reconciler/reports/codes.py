"""Explanations of codes as JSON."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.documents.json_text import Document
from reconciler.explaining.text import Explanation, plain
from reconciler.reports.sinks.json import report_json


def render_codes_json(rows: Iterable[Explanation]) -> str:
    """Each explanation in `codes`: `code`, `subject`, `severity`, `reported_by`, `title`, `why`, `instead`."""
    return report_json("explain", {"codes": [_document(row) for row in rows]})


def _document(row: Explanation) -> Document:
    return {
        "code": row.code,
        "subject": row.subject,
        "severity": row.severity,
        "reported_by": plain(row.by),
        "title": plain(row.title),
        "why": plain(row.why),
        "instead": plain(row.instead),
    }
