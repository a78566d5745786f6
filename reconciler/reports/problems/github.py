"""Problems as GitHub Actions annotations. This sink alone prints workflow commands.

GitHub shows ten annotations of each severity per step and silently drops the others, so the tenth counts the rest. Source: GitHub docs,
"Workflow commands for GitHub Actions", and the limits of annotations there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from reconciler.errors import Problem, Severity, count
from reconciler.reports.problems.view import AnyProblem
from reconciler.reports.sinks.escaping import for_workflow_command, for_workflow_property

MAX_ANNOTATIONS: Final = 10
"""Per severity and step."""
MAX_MESSAGE: Final = 4_096
"""Maximum number of characters of one message, as printed."""

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_WORDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ELSEWHERE: Final = "see the log and the job summary"


def render_problems_github(problems: Iterable[AnyProblem], path_of: Callable[[str], str | None] = str) -> str:
    """One annotation for each problem, up to the limit; empty if there are none.

    `path_of` maps a file to its path from the repository's root; None if it is outside.
    """
    found = tuple(problems)
    return "".join(f"{line}\n" for severity in Severity for line in _of_severity(severity, found, path_of))


def _of_severity(severity: Severity, problems: tuple[AnyProblem, ...], path_of: Callable[[str], str | None]) -> list[str]:
    ours = [problem for problem in problems if problem.severity is severity]
    if len(ours) <= MAX_ANNOTATIONS:
        return [_annotation(problem, path_of) for problem in ours]
    shown = ours[: MAX_ANNOTATIONS - 1]
    left = f"{count(len(ours) - len(shown), f'more {_WORDS[severity]}')}: {_ELSEWHERE}"
    return [*(_annotation(problem, path_of) for problem in shown), f"::{_COMMANDS[severity]} title=more::{left}"]


def _annotation(problem: AnyProblem, path_of: Callable[[str], str | None]) -> str:
    file = path_of(problem.file) if problem.file is not None else None
    end_line, end_column = (problem.end_line, problem.end_column) if isinstance(problem, Problem) else (None, None)
    place = (
        ("file", file),
        ("line", problem.line),
        ("endLine", end_line),
        ("col", problem.column),
        ("endColumn", end_column),
    )
    facts = (*(place if file is not None else ()), ("title", problem.code))
    properties = ",".join(f"{name}={for_workflow_property(str(value))}" for name, value in facts if value is not None)
    message = f"{problem.message} (hint: {problem.hint})" if problem.hint else problem.message
    return f"::{_COMMANDS[problem.severity]} {properties}::{_cut(for_workflow_command(message))}"


def _cut(message: str) -> str:
    """The message, truncated if too long, but never within an escape."""
    if len(message) <= MAX_MESSAGE:
        return message
    kept = message[: MAX_MESSAGE - 1]
    escape = kept.rfind("%", -2)
    return (kept if escape < 0 else kept[:escape]) + "…"
