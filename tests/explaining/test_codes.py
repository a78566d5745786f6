"""Every code that the tool prints is explained, and nothing is explained that it does not print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache

from reconciler.applying.outcome import OutcomeName
from reconciler.diagnosis.gates import Gate
from reconciler.documents.comparison import Cause
from reconciler.errors import UsageError
from reconciler.explaining.registry import explanations, explanations_of
from reconciler.github.gates import Mode
from tests.explaining.codes_in_source import PROJECT, Found, codes

PASSED_ON = {
    "reconciler.applying.context: code or error.code",  # that of an error
    "reconciler.desired.git.command: done.returncode",  # an exit code of git
    "reconciler.reports.compared: breaking_code(one)",  # an exit code
    "reconciler.reports.compared: exit_code_of(diff.problems)",
    "reconciler.diagnosis.checks.access: gate",  # a Gate
    "reconciler.diagnosis.checks.answers: name",
    "reconciler.diagnosis.checks.permissions: name",
    "reconciler.diagnosis.checks.repository: name",
    "reconciler.diagnosis.deep.draft: name",
    "reconciler.diagnosis.run: name",
    "reconciler.sessions.diagnosing: name",
    "reconciler.trying.guards.probing: _code(right)",  # a status
    "reconciler.trying.guards.probing: _code(wrong)",
}
"""Where a code is passed on, or is none. The names of checks are those of docs/doctor.md."""
BEFORE = {"reconciler.diagnosis.checks.permissions": "read-", "reconciler.reports.plan.differences": "stale-"}
"""What these modules put before a code."""


@cache
def in_source() -> Found:
    return codes()


def printed() -> Iterator[tuple[str, str]]:
    """Each code and where it is from."""
    for code, place in in_source().codes.items():
        before = BEFORE.get(place.partition(":")[0], "")
        yield f"{before}{code}" if not code.startswith(before or "-") else code, place
    gates = [gate for gate in Gate if gate is not Gate.PERMISSION]  # it has a check for each endpoint
    yield from ((str(value), "enumeration") for values in (OutcomeName, Cause, gates, Mode) for value in values)
    page = (PROJECT / "docs/doctor.md").read_text()
    rows = re.findall(r"^\| ((?:`[a-z-]+…?`(?:, )?)+) \|", page, re.MULTILINE)
    checks = [name for row in rows for name in re.findall(r"`([a-z-]+)", row)]
    yield from ((name, "docs/doctor.md") for name in checks if name not in {"ok", "warn", "fail", "unknown"})


def is_explained(code: str) -> bool:
    try:
        return bool(explanations_of(code))
    except UsageError:
        return False


def test_every_code_of_the_source_is_explained() -> None:
    assert {code: place for code, place in printed() if not is_explained(code)} == {}


def test_codes_that_are_made_of_parts_are_explained() -> None:
    known = [row.code for row in explanations()]
    assert {pattern for pattern in in_source().patterns if not any(fnmatch(code, pattern) for code in known)} == set()


def test_where_a_code_cannot_be_told_is_known() -> None:
    assert set(in_source().unclear) == PASSED_ON


def test_no_explanation_is_of_a_code_that_is_gone() -> None:
    there = {code for code, _ in printed()}
    patterns = [pattern for pattern in in_source().patterns if not pattern.startswith("stale-")]
    gone = {
        row.code
        for row in explanations()
        if row.code not in there
        and not any(fnmatch(row.code, pattern) for pattern in patterns)
        and not (row.code.endswith("-") and any(code.startswith(row.code) for code in there))
    }
    assert gone == set()


def test_a_subject_explains_a_code_once() -> None:
    places = [(row.code, row.subject) for row in explanations()]
    assert len(places) == len(set(places))


def test_an_explanation_is_whole_sentences() -> None:
    for row in explanations():
        assert row.title, row.code
        assert not row.title.endswith("."), row.code
        assert row.instead, row.code
        if row.subject not in {"Rules", "Findings of try"}:
            assert row.why[:1].upper() == row.why[:1], row.code
            assert row.why.endswith("."), row.code
            assert "|" not in row.title + row.why + row.instead, row.code
