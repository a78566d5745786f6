from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reconciler.applying.outcome import ApplyReport
from reconciler.documents.json_text import decode, encode
from reconciler.errors import Problem, Refused, Severity, SpecFileError, UsageError
from reconciler.reports.apply.json import render_apply_json, render_refusal_json
from reconciler.reports.apply.view import FailureView, apply_view_of, refusal_view_of
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.view import PlanView, view_of
from reconciler.reports.problems.json import render_failure_json
from reconciler.reports.problems.view import ErrorView, problem_view
from reconciler.reports.report_reading import read_apply, read_failure
from tests.reports.apply.test_reports import CREATED, FAILED, WARNING, report
from tests.reports.plans import DIGEST, REST, TARGET, plan
from tests.reports.sinks.test_harmless_reports import REPORTS
from tests.reports.strategies import VIEWS

ERROR = Problem(Severity.ERROR, "stale-new", "create of a is new", "specs/a.yaml", 1, guard=True)


@given(REPORTS, st.none() | VIEWS, st.booleans())
def test_an_apply_reads_back_as_it_ended(ended: ApplyReport, made: PlanView | None, restored: bool) -> None:
    view = read_apply(render_apply_json(ended, restored=restored, plan=made).encode(), "apply.json")
    assert view == apply_view_of(ended, made, restored=restored)
    assert (view.target, view.digest, view.converged, view.journal) == (
        ended.target,
        ended.digest,
        ended.converged,
        ended.journal,
    )
    assert [(item.key, item.outcome, item.warnings) for item in view.results] == [
        (item.key, item.outcome, tuple(map(problem_view, item.warnings))) for item in ended.results
    ]
    assert view.problems == tuple(map(problem_view, ended.problems))
    assert view.plan == made
    assert view.error is None


@given(VIEWS, st.none() | VIEWS)
def test_a_refusal_reads_back_as_it_was(refused: PlanView, made: PlanView | None) -> None:
    error = Refused("stale", hint="look again")
    view = read_apply(render_refusal_json(refused, error, plan=made).encode(), "apply.json")
    assert view == refusal_view_of(refused, error, made)
    assert view.error == ErrorView("refused", "stale", "look again")
    assert (view.problems, view.results, view.converged, view.plan) == (refused.problems, (), False, made)


def test_a_failure_keeps_the_servers_words_and_the_next_step() -> None:
    view = read_apply(render_apply_json(report(FAILED)).encode(), "apply.json")
    assert view.results[0].error == FailureView(
        code="service",
        message="not entitled\n::error::",
        hint="ask for the role",
        status=400,
        server_code="1100-400",
        request_id="r2",
        pointers=("/name",),
        ignore=("ignore: [/name]",),
        undo=f"reconciler --target stage restore j.jsonl --id {REST} --dry-run",
    )
    assert view.results[0].requests == FAILED.requests


def test_the_plan_may_be_absent_or_null() -> None:
    document = decode(render_apply_json(report(CREATED)))
    assert read_apply(encode(document), "a").plan is None
    assert read_apply(encode(document | {"plan": None}), "a").plan is None


def test_why_there_is_no_plan_reads_back() -> None:
    view = read_failure(render_failure_json(SpecFileError("2 problems", (ERROR, WARNING))).encode(), "plan.json")
    assert view.problems == (problem_view(ERROR), problem_view(WARNING))
    assert view.error.code == SpecFileError.code


def saved(**fields: Any) -> bytes:
    return encode(decode(render_apply_json(report(CREATED))) | fields)


def test_reports_without_a_name_and_a_version_read_as_well() -> None:
    document = decode(saved())
    del document["report"], document["format_version"]
    assert read_apply(encode(document), "apply.json") == apply_view_of(report(CREATED))
    failed = decode(render_failure_json(UsageError("no")))
    del failed["report"], failed["format_version"]
    assert read_failure(encode(failed), "failure.json").error == ErrorView("usage", "no", None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "a is not an apply report: Input data was truncated"),
        (b"\xff\xfe", "a is not an apply report"),
        (b"[1]", "a is not an apply report: Expected `object`, got `array`"),
        (b"[" * 100_000, "a is not an apply report"),
        (b"{}", "a is not an apply report: Object missing required field `digest`"),
        (render_plan_json(view_of(plan())).encode(), "a is not an apply report: Invalid enum value 'plan'"),
        (render_failure_json(UsageError("no")).encode(), "a is not an apply report: Invalid enum value 'failure'"),
        (saved(format_version=2), "a is not an apply report: Invalid enum value 2"),
        (saved(extra=1), "a is not an apply report: Object contains unknown field `extra`"),
        (saved(results=[{}]), "a is not an apply report: Object missing required field `kind`"),
        (saved(plan={}), "the plan in a is not a saved plan: Object missing required field `format_version`"),
        (saved(plan={"format_version": 2}), "the plan in a has plan format version 2"),
    ],
)
def test_what_is_no_apply_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_apply(data, "a")
    assert refused.value.message.startswith(reason)
    assert refused.value.hint


@pytest.mark.parametrize("data", [b"", b"{}", saved(), render_plan_json(view_of(plan())).encode()])
def test_what_tells_of_no_failure_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"^f is not a failure report: ") as refused:
        read_failure(data, "f")
    assert refused.value.hint


def test_the_view_of_an_apply_that_has_just_ended_has_its_plan() -> None:
    made = view_of(plan())
    view = apply_view_of(report(CREATED), made)
    assert view.plan is made
    assert (view.target, view.digest) == (TARGET, DIGEST)
    assert replace(view, plan=None) == apply_view_of(report(CREATED))
