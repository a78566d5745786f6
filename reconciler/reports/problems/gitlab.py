"""Problems as a GitLab Code Quality report: a list of issues in the Code Climate format.

Source: GitLab docs, "Code Quality", "Code Quality report format". GitLab compares the fingerprints of two branches to tell new issues from
old ones, and drops a report whose issues lack a path or a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from reconciler.documents.json_text import Document, encode_readable
from reconciler.errors import Problem, Severity
from reconciler.reports.problems.fingerprints import fingerprints
from reconciler.reports.sinks.escaping import for_json

_SEVERITIES: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render_problems_gitlab(
    problems: Iterable[Problem], path_of: Callable[[str], str | None] = str, elsewhere: str = "specs/reconciler.yaml"
) -> str:
    """One issue for each problem; an empty list if there are none.

    `path_of` maps a file to its path from the repository's root; None if it is outside. A problem without such a file is shown at the
    first line of the file `elsewhere`, because GitLab requires a place.
    """
    found = tuple(problems)
    marks = fingerprints(found, path_of)
    issues = [_issue(problem, mark, path_of, elsewhere) for problem, mark in zip(found, marks, strict=True)]
    return for_json(encode_readable(issues)) + "\n"


def _issue(problem: Problem, mark: str, path_of: Callable[[str], str | None], elsewhere: str) -> Document:
    path = path_of(problem.file) if problem.file is not None else None
    line = problem.line if path is not None and problem.line is not None else 1
    text = f"{problem.message} (hint: {problem.hint})" if problem.hint else problem.message
    return {
        "description": text,
        "check_name": problem.code,
        "fingerprint": mark,
        "severity": _SEVERITIES[problem.severity],
        "location": {"path": path if path is not None else path_of(elsewhere) or elsewhere, "lines": {"begin": line}},
    }
