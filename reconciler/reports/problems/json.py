"""Problems as JSON: the result of `validate`, and the output when a command has no report."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.errors import Problem, ReconcilerError
from reconciler.reports.problems.view import ValidationView, error_view, problem_view, problems_of
from reconciler.reports.sinks.json import report_json


def render_problems_json(problems: Iterable[Problem]) -> str:
    """`{"report": "validate", "format_version": 1, "problems": […]}`."""
    return render_validation_json(ValidationView(tuple(map(problem_view, problems))))


def render_validation_json(view: ValidationView) -> str:
    """The same for a view."""
    return report_json("validate", {"problems": view.problems})


def render_failure_json(error: ReconcilerError) -> str:
    """The error of a command that has no report."""
    return report_json(
        "failure", {"error": error_view(error), "problems": [problem_view(problem) for problem in problems_of(error)]}
    )
