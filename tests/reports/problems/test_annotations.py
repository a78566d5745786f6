"""The limits of annotations: what GitHub would drop without a word is counted instead."""

from __future__ import annotations

import pytest

from reconciler.errors import Problem, Severity
from reconciler.reports.problems.github import MAX_MESSAGE, render_problems_github


def problems(number: int, severity: Severity = Severity.ERROR) -> list[Problem]:
    return [Problem(severity, "code", f"problem {index}", "specs/a.yaml", index + 1, 1) for index in range(number)]


def test_ten_of_each_severity_are_shown_whole() -> None:
    lines = render_problems_github([*problems(10), *problems(10, Severity.WARNING)]).splitlines()
    assert len(lines) == 20
    assert lines[9].endswith("::problem 9")


@pytest.mark.parametrize(("severity", "word"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning")])
def test_the_tenth_counts_what_is_left(severity: Severity, word: str) -> None:
    lines = render_problems_github(problems(500, severity)).splitlines()
    assert len(lines) == 10
    assert lines[-1] == f"::{word} title=more::491 more {word}s: see the log and the job summary"


@pytest.mark.parametrize("filler", ["x", "%", "é"])
def test_a_message_is_cut_before_github_does(filler: str) -> None:
    (line,) = render_problems_github([Problem(Severity.ERROR, "code", filler * 9_000)]).splitlines()
    message = line.partition("::error title=code::")[2]
    assert len(message) <= MAX_MESSAGE
    assert message.endswith("…")
    assert message.removesuffix("…").replace("%25", "").count("%") == 0


def test_a_file_outside_of_the_repository_has_no_place() -> None:
    report = render_problems_github([Problem(Severity.ERROR, "code", "x", "/elsewhere/a.yaml", 3, 1)], lambda _file: None)
    assert report == "::error title=code::x\n"
