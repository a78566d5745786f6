"""JUnit XML: read back with a library that the readers of test results share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from junitparser import JUnitXml, TestCase

from reconciler.errors import Problem, Severity
from reconciler.reports.problems.junit import render_problems_junit

TAB = Problem(Severity.ERROR, "yaml-tab", 'a tab cannot indent "<a>" & more', "specs/a.yaml", 3, 1, "use spaces:\n  a: 1")
LOOSE = Problem(Severity.WARNING, "not-read", "this file is not read", "specs/b.txt")


def cases(*problems: Problem, **given: Any) -> list[TestCase]:
    (suite,) = JUnitXml.fromstring(render_problems_junit(problems, **given).encode())
    return list(suite)


def test_an_error_is_a_test_that_failed() -> None:
    (case,) = cases(TAB)
    (failure,) = case.result
    assert (case.classname, case.name) == ("specs/a.yaml", "yaml-tab at line 3")
    assert (failure.type, failure.message) == ("yaml-tab", 'a tab cannot indent "<a>" & more')
    assert failure.text.splitlines() == [
        'specs/a.yaml:3:1: error: a tab cannot indent "<a>" & more [yaml-tab]',
        "hint: use spaces:",
        "  a: 1",
    ]


def test_a_warning_does_not_fail_a_build() -> None:
    (case,) = cases(LOOSE)
    assert (case.is_passed, case.system_out) == (True, "specs/b.txt: warning: this file is not read [not-read]")


def test_the_counts_are_those_of_the_cases() -> None:
    suites = JUnitXml.fromstring(render_problems_junit((TAB, LOOSE, replace(TAB, line=9))).encode())
    assert (suites.tests, suites.failures, suites.errors) == (3, 2, 0)


def test_without_problems_there_is_one_test_that_passed() -> None:
    (case,) = cases()
    assert (case.is_passed, case.name) == (True, "all spec files")


def test_a_file_is_named_from_the_root_of_the_repository() -> None:
    (case,) = cases(TAB, path_of=lambda file: f"team/{file}")
    assert case.classname == "team/specs/a.yaml"


def test_what_xml_cannot_hold_is_shown_as_an_escape() -> None:
    (case,) = cases(replace(TAB, message="a\x00b\ufffe\udc80]]>"))
    assert case.result[0].message == "a\\x00b\\ufffe\\udc80]]>"
