"""A proof as JSON."""

from __future__ import annotations

from reconciler.proving.document import document_of
from reconciler.proving.report import ProveReport
from reconciler.reports.sinks.json import to_json


def prove_json(report: ProveReport) -> str:
    """`{"report": "prove", "format_version": 1, "outcome": …}`."""
    return to_json(document_of(report))
