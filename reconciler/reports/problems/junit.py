"""Problems as JUnit XML, which Jenkins, Azure Pipelines and GitLab show as test results.

Only an error is a failure: a warning does not fail `validate`, and must not fail a build. There is always at least one test case, because
Jenkins rejects a file without any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Final

from reconciler.errors import Problem
from reconciler.reports.sinks.escaping import for_terminal, without_commands
from reconciler.reports.sinks.phrases import place_words

_SUITE: Final = "reconciler validate"
_NOT_IN_XML: Final = re.compile(r"[\ufffe\uffff]")
"""Unassigned characters that XML 1.0 excludes; the other excluded ones are controls and surrogates, which are always escaped."""


def render_problems_junit(problems: Iterable[Problem], path_of: Callable[[str], str | None] = str) -> str:
    """One test case for each problem: failed for an error, passed with its text as output for anything less.

    Without problems, one test case that passed. `path_of` maps a file to its path from the repository's root; None if it is outside.
    """
    found = tuple(problems)
    failures = sum(problem.is_error for problem in found)
    cases = [_case(problem, path_of) for problem in found] or [f'    <testcase classname="{_SUITE}" name="all spec files"/>']
    counts = f'name="{_SUITE}" tests="{len(cases)}" failures="{failures}" errors="0"'
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuites {counts}>",
            f'  <testsuite {counts} skipped="0">',
            *cases,
            "  </testsuite>",
            "</testsuites>\n",
        )
    )


def _case(problem: Problem, path_of: Callable[[str], str | None]) -> str:
    file = (path_of(problem.file) or problem.file) if problem.file else None
    place = place_words(file, problem.line, problem.column)
    lines = [f"{f'{place}: ' if place else ''}{problem.severity}: {problem.message} [{problem.code}]"]
    lines += [f"hint: {line}" if index == 0 else line for index, line in enumerate((problem.hint or "").splitlines())]
    body = "\n".join(_text(line) for line in lines)
    name = f"{problem.code}{f' at line {problem.line}' if problem.line else ''}"
    said = (
        f'<failure type="{_text(problem.code)}" message="{_text(problem.message)}">{body}</failure>'
        if problem.is_error
        else f"<system-out>{body}</system-out>"
    )
    return f'    <testcase classname="{_text(file or _SUITE)}" name="{_text(name)}">{said}</testcase>'


def _text(line: str) -> str:
    """One line of text or an attribute, without characters that XML, a terminal or a CI system interprets."""
    shown = without_commands(for_terminal(line))
    return escape(_NOT_IN_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", shown))
