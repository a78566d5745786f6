"""The state of every spec, as JSON."""

from __future__ import annotations

from reconciler.planning.plan import Plan
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.json import report_json


def render_status_json(plan: Plan) -> str:
    """`specs` has each spec of the repository and each live spec that carries its marker."""
    return report_json(
        "status",
        {
            "target": plan.target,
            "repository": plan.repository,
            "commit": plan.commit,
            "summary": plan.summary,
            "specs": plan.specs,
            "problems": [problem_view(problem) for problem in plan.problems],
        },
    )
