"""Whatever the outcome, the report says what to do next."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import reconciler.applying
from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from reconciler.reports.apply.json import render_apply_json
from reconciler.reports.apply.next_steps import next_step, undo_command
from reconciler.reports.apply.text import render_apply_text
from tests.reports.plans import DIGEST, MAILCHIMP, TARGET

BAD = [outcome for outcome in OutcomeName if not outcome.is_good]


def result(outcome: OutcomeName, failure: Failure | None) -> Result:
    return Result(Kind.CONNECTION_SPEC, "a", "a", MAILCHIMP, outcome, error=failure)


def report(*results: Result, journal: str | None = "j.jsonl") -> ApplyReport:
    return ApplyReport(TARGET, DIGEST, results, journal=journal)


def codes() -> Iterator[str]:
    """Every code with which the engine makes a Failure."""
    for path in Path(reconciler.applying.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Failure" and node.args:
                yield from (
                    item.value
                    for item in ast.walk(node.args[0])
                    if isinstance(item, ast.Constant) and isinstance(item.value, str)
                )


ALL_CODES = sorted({*codes(), "service", "not-found", "answer-lost", "not-confirmed", "unreachable", "journal", "error"})


def test_the_engine_has_the_codes_that_are_looked_for() -> None:
    assert {"stale", "contended", "twins", "not-kept", "lost-id", "canary", "dependency", "interrupted"} <= set(ALL_CODES)


@pytest.mark.parametrize("restored", [False, True])
@pytest.mark.parametrize("code", ALL_CODES)
@pytest.mark.parametrize("outcome", BAD)
def test_text_and_json_have_a_next_step_for_every_outcome_and_code(outcome: OutcomeName, code: str, restored: bool) -> None:
    told = report(result(outcome, Failure(code, "it went wrong")))
    (document,) = decode(render_apply_json(told, restored=restored))["results"]
    step = document["error"]["hint"]
    assert step
    assert f"    hint: {step}\n" in render_apply_text(told, restored=restored)


@pytest.mark.parametrize("outcome", BAD)
def test_an_outcome_without_a_reason_has_a_next_step_too(outcome: OutcomeName) -> None:
    assert "    hint: " in render_apply_text(report(result(outcome, None)))
    assert next_step(result(outcome, None), restored=True)


def test_what_ended_well_needs_none() -> None:
    assert next_step(result(OutcomeName.UPDATED, None)) is None


def test_the_engines_own_hint_comes_first() -> None:
    assert next_step(result(OutcomeName.FAILED, Failure("stale", "changed", "look"))) == "look"


def test_after_a_restore_nobody_is_told_to_apply_again() -> None:
    stale = result(OutcomeName.FAILED, Failure("stale", "changed", "run apply again"))
    text = render_apply_text(report(stale), restored=True)
    assert "apply again" not in text
    assert text.endswith("not converged: see the specs above; run restore with --dry-run to see what is left\n")


def test_after_a_restore_the_services_own_hint_stays() -> None:
    assert (
        next_step(result(OutcomeName.FAILED, Failure("service", "no", "ask for the role")), restored=True) == "ask for the role"
    )


def test_a_restore_that_went_well_says_what_live_is_now() -> None:
    text = render_apply_text(report(result(OutcomeName.UPDATED, None)), restored=True)
    assert text.endswith("converged: live matches the journal\n")


def test_where_a_body_from_before_may_be_wanted_the_command_is_told() -> None:
    lost = result(OutcomeName.NOT_CONVERGED, Failure("changed-under-write", "lost", before={"a": 1}))
    command = f"reconciler --target stage restore j.jsonl --id {MAILCHIMP} --dry-run"
    assert undo_command(lost, report(lost)) == command
    assert f"to preview restoring the previous body: {command}\n" in render_apply_text(report(lost))
    assert undo_command(lost, report(lost, journal=None)) is None
