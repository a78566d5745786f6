"""The state of every spec, as JSON."""

from __future__ import annotations

from msgspec.structs import asdict

from reconciler.documents.json_text import Document
from reconciler.planning.plan import Plan
from reconciler.reports.sinks.json import report_document, report_json
from reconciler.reports.status.view import StatusView, status_view_of


def render_status_json(plan: Plan) -> str:
    """`specs` has each spec of the repository and each live spec that carries its marker."""
    return render_status_view_json(status_view_of(plan))


def status_document(plan: Plan) -> Document:
    """The states as a JSON object."""
    return report_document("status", asdict(status_view_of(plan)))


def render_status_view_json(view: StatusView) -> str:
    """The same for a view."""
    return report_json("status", asdict(view))
