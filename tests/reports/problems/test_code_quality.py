"""GitLab Code Quality: what GitLab needs of an issue, and by what it knows one again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reconciler.documents.json_text import decode
from reconciler.errors import Problem, Severity
from reconciler.reports.problems.gitlab import render_problems_gitlab

TAB = Problem(Severity.ERROR, "yaml-tab", "a tab cannot indent", "specs/a.yaml", 3, 1, "use spaces")
LOOSE = Problem(Severity.WARNING, "not-read", "this file is not read", "specs/b.txt")


def issues(*problems: Problem, **given: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = decode(render_problems_gitlab(problems, **given))
    return found


def test_a_problem_is_an_issue_with_everything_that_gitlab_requires() -> None:
    (issue,) = issues(TAB)
    assert len(issue.pop("fingerprint")) == 32
    assert issue == {
        "description": "a tab cannot indent (hint: use spaces)",
        "check_name": "yaml-tab",
        "severity": "critical",
        "location": {"path": "specs/a.yaml", "lines": {"begin": 3}},
    }


def test_severities_are_those_of_code_climate() -> None:
    assert [issue["severity"] for issue in issues(TAB, LOOSE, replace(LOOSE, severity=Severity.INFO))] == [
        "critical",
        "minor",
        "info",
    ]


def test_without_problems_the_list_is_empty() -> None:
    assert issues() == []


def test_a_fingerprint_stays_when_the_problem_moves_to_another_line() -> None:
    (before,), (after,) = issues(TAB), issues(replace(TAB, line=40, column=7, end_line=41))
    assert before["fingerprint"] == after["fingerprint"]


def test_equal_problems_have_fingerprints_of_their_own() -> None:
    found = issues(TAB, replace(TAB, line=9), replace(TAB, file="specs/c.yaml"), replace(TAB, code="other"))
    assert len({issue["fingerprint"] for issue in found}) == 4


def test_a_problem_without_a_file_in_the_repository_is_shown_at_the_settings() -> None:
    nowhere = Problem(Severity.ERROR, "settings", "no settings")
    found = issues(nowhere, replace(TAB, file="/elsewhere"), path_of=lambda file: None if file == "/elsewhere" else f"x/{file}")
    assert [issue["location"] for issue in found] == [{"path": "x/specs/reconciler.yaml", "lines": {"begin": 1}}] * 2
