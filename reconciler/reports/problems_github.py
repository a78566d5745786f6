"""Problems as GitHub Actions annotations: workflow commands, which this sink alone may print.

Source of the form: GitHub docs, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.errors import Problem, Severity
from reconciler.reports.escaping import for_workflow_command, for_workflow_property

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_problems_github(problems: Iterable[Problem]) -> str:
    """One annotation for each problem; nothing for none."""
    return "".join(f"{_annotation(problem)}\n" for problem in problems)


def _annotation(problem: Problem) -> str:
    facts = (("file", problem.file), ("line", problem.line), ("col", problem.column), ("title", problem.code))
    properties = ",".join(f"{name}={for_workflow_property(str(value))}" for name, value in facts if value is not None)
    message = f"{problem.message} (hint: {problem.hint})" if problem.hint else problem.message
    return f"::{_COMMANDS[problem.severity]} {properties}::{for_workflow_command(message)}"
