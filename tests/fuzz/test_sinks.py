"""What comes from files and the service, in every report: nothing that a terminal or CI acts on, and all that a person can read."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml

from reconciler.applying.outcome import ApplyReport
from reconciler.documents.json_text import decode
from reconciler.errors import Problem, Severity
from reconciler.planning.plan import PlanTarget, SpecStatus
from reconciler.reports.apply.json import render_apply_json
from reconciler.reports.apply.text import render_apply_text
from reconciler.reports.drift.text import render_drift_text
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.github import render_problems_github
from reconciler.reports.problems.gitlab import render_problems_gitlab
from reconciler.reports.problems.json import render_problems_json
from reconciler.reports.problems.junit import render_problems_junit
from reconciler.reports.problems.sarif import render_problems_sarif
from reconciler.reports.problems.text import render_problems_text
from reconciler.reports.status.text import render_status_text
from tests.fuzz.strategies import CHARACTERS, TEXTS
from tests.reports.plans import plan
from tests.reports.sinks.test_escaping import is_harmless
from tests.reports.sinks.test_harmless_reports import REPORTS, SPECS, TARGETS
from tests.reports.strategies import PROBLEMS, VIEWS

_SHAPELESS = {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"}
READABLE = st.lists(
    CHARACTERS.filter(lambda char: unicodedata.category(char) not in _SHAPELESS and char not in ":#%"), min_size=1, max_size=20
).map("".join)
"""Letters, marks, digits, punctuation and symbols of any script; not the few that commands are made of."""
_ANNOTATION = re.compile(r"::(?:error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)")


def assert_harmless(report: str) -> None:
    assert [line for line in report.split("\n") if not is_harmless(line)] == []


@given(VIEWS)
def test_every_report_of_a_plan_is_harmless(view: PlanView) -> None:
    for report in (
        render_plan_text(view, verbose=True),
        render_drift_text(drift_of(view), verbose=True),
        render_plan_json(view),
    ):
        assert_harmless(report)


@given(REPORTS)
def test_every_report_of_an_apply_is_harmless(report: ApplyReport) -> None:
    assert_harmless(render_apply_text(report, verbose=True))
    assert_harmless(render_apply_json(report))


@given(TARGETS, st.lists(SPECS, max_size=2).map(tuple))
def test_a_status_is_harmless(target: PlanTarget, specs: tuple[SpecStatus, ...]) -> None:
    assert_harmless(render_status_text(plan(target=target, specs=specs)))


@given(st.lists(PROBLEMS | st.builds(Problem, st.sampled_from(Severity), TEXTS, TEXTS, TEXTS, hint=TEXTS), max_size=3))
def test_every_report_of_problems_is_harmless(problems: list[Problem]) -> None:
    renderers = (
        render_problems_text,
        render_problems_json,
        render_problems_sarif,
        render_problems_gitlab,
        render_problems_junit,
    )
    for render in renderers:
        assert_harmless(render(problems))


@given(st.lists(PROBLEMS | st.builds(Problem, st.sampled_from(Severity), TEXTS, TEXTS, TEXTS, hint=TEXTS), max_size=3))
def test_for_junit_each_problem_is_one_test_case_and_every_reader_of_xml_can_read_it(problems: list[Problem]) -> None:
    suites = JUnitXml.fromstring(render_problems_junit(problems).encode())
    assert (suites.tests, suites.failures) == (max(len(problems), 1), sum(problem.is_error for problem in problems))


@given(st.lists(PROBLEMS | st.builds(Problem, st.sampled_from(Severity), TEXTS, TEXTS, TEXTS, hint=TEXTS), max_size=3))
def test_for_github_each_problem_is_one_command_and_no_other(problems: list[Problem]) -> None:
    lines = render_problems_github(problems).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(problems)
    for line in lines:
        found = _ANNOTATION.fullmatch(line)
        assert found
        assert {entry.partition("=")[0] for entry in found["properties"].split(",")} <= {"file", "line", "col", "title"}
        assert is_harmless(f"x{line}")


@given(READABLE, READABLE)
def test_letters_of_any_script_are_shown_as_they_are(message: str, hint: str) -> None:
    problem = Problem(Severity.ERROR, "rule", f"x{message}x", "specs/a.yaml", 1, 1, f"x{hint}x")
    for report in (render_problems_text([problem]), render_problems_github([problem])):
        assert f"x{message}x" in report
        assert f"x{hint}x" in report


@given(TEXTS, TEXTS)
def test_json_has_the_very_text(message: str, hint: str) -> None:
    problem = Problem(Severity.ERROR, "rule", message, "specs/a.yaml", 1, 1, hint)
    (shown,) = decode(render_problems_json([problem]))["problems"]
    assert (shown["message"], shown["hint"]) == (message, hint)
