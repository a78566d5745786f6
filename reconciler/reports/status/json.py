"""Where every spec stands, as JSON."""

from __future__ import annotations

from reconciler.documents.json_text import Document
from reconciler.planning.plan import Plan, SpecStatus
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.json import to_json


def render_status_json(plan: Plan) -> str:
    """`specs` has each spec of the repository and each live spec that carries its marker."""
    return to_json(
        {
            "target": plan.target,
            "repository": plan.repository,
            "commit": plan.commit,
            "summary": plan.summary,
            "specs": [_spec(spec) for spec in plan.specs],
            "problems": [problem_view(problem) for problem in plan.problems],
        }
    )


def _spec(spec: SpecStatus) -> Document:
    """One spec; `updated_at` is in milliseconds since the epoch, as the service has it."""
    return {
        "kind": spec.kind,
        "key": spec.key,
        "id": spec.id,
        "name": spec.name,
        "state": spec.state,
        "cause": spec.cause,
        "attached_to": spec.attached_to,
        "updated_at": spec.updated_at,
        "updated_by": spec.updated_by,
        "file": spec.file,
    }
