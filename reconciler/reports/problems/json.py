"""Problems as JSON: the result of `validate`, and part of every other report."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.documents.json_text import Document
from reconciler.errors import Problem, ReconcilerError
from reconciler.reports.sinks.json import to_json


def render_problems_json(problems: Iterable[Problem]) -> str:
    """`{"problems": […]}`."""
    return to_json({"problems": [problem_document(problem) for problem in problems]})


def render_failure_json(error: ReconcilerError) -> str:
    """What is printed in the place of a report that there is none of."""
    return to_json({"error": error_document(error), "problems": [problem_document(item) for item in problems_of(error)]})


def problem_document(problem: Problem) -> Document:
    """One problem; `guard` says that it is a refusal, and not a mistake in a file."""
    return {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "hint": problem.hint,
        "key": problem.key,
        "guard": problem.guard,
    }


def error_document(error: ReconcilerError) -> Document:
    """What ended a command: its code, in words, and the next step."""
    return {"code": error.code, "message": error.message, "hint": error.hint}


def problems_of(error: ReconcilerError) -> tuple[Problem, ...]:
    """Everything that an error has found; empty for one that is its own only reason."""
    found = getattr(error, "problems", ())
    return tuple(found)
