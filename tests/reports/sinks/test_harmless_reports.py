"""No report, whatever it is about, lets anything through that a terminal or a CI system acts on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, UsageError
from reconciler.journal.writing import SentWrite
from reconciler.planning.plan import Plan, PlanTarget, SpecStatus, State
from reconciler.reports.apply.text import render_apply_text
from reconciler.reports.drift.text import render_drift_text
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.text import render_error_text, render_problems_text
from reconciler.reports.status.text import render_status_text
from tests.reports.plans import DIGEST, plan
from tests.reports.sinks.test_escaping import is_harmless
from tests.reports.strategies import PROBLEMS, TEXT, VIEWS

MAYBE = st.none() | TEXT
TARGETS = st.builds(PlanTarget, TEXT, TEXT, TEXT, TEXT)
FAILURES = st.builds(
    Failure,
    code=TEXT,
    message=TEXT,
    hint=MAYBE,
    server_code=MAYBE,
    request_id=MAYBE,
    pointers=st.lists(TEXT, max_size=2).map(tuple),
    ignore=st.lists(TEXT, max_size=2).map(tuple),
)
RESULTS = st.builds(
    Result,
    kind=st.sampled_from(Kind),
    key=MAYBE,
    name=TEXT,
    id=MAYBE,
    outcome=st.sampled_from(OutcomeName),
    requests=st.lists(st.builds(SentWrite, TEXT, TEXT, st.none(), MAYBE), max_size=2).map(tuple),
    error=st.none() | FAILURES,
    warnings=st.lists(PROBLEMS, max_size=2).map(tuple),
)
REPORTS = st.builds(
    ApplyReport,
    target=TARGETS,
    digest=st.just(DIGEST),
    results=st.lists(RESULTS, max_size=3).map(tuple),
    problems=st.lists(PROBLEMS, max_size=2).map(tuple),
    journal=MAYBE,
)
SPECS = st.builds(
    SpecStatus,
    kind=st.sampled_from(Kind),
    key=TEXT,
    id=MAYBE,
    name=TEXT,
    state=st.sampled_from(State),
    attached_to=st.lists(TEXT, max_size=2).map(tuple),
    updated_at=st.none() | st.integers(0, 2**53),
    updated_by=MAYBE,
)


def assert_harmless(report: str) -> None:
    assert [line for line in report.split("\n") if not is_harmless(line)] == []


@given(VIEWS, st.booleans(), TEXT)
def test_a_plan_is_harmless(view: PlanView, verbose: bool, command: str) -> None:
    assert_harmless(render_plan_text(view, verbose=verbose, next_command=command))


@given(VIEWS, st.booleans(), TEXT)
def test_drift_is_harmless(view: PlanView, verbose: bool, command: str) -> None:
    assert_harmless(render_drift_text(drift_of(view), verbose=verbose, apply_command=command))


@given(REPORTS)
def test_an_apply_is_harmless(report: ApplyReport) -> None:
    assert_harmless(render_apply_text(report, verbose=True))


@given(st.builds(plan, specs=st.lists(SPECS, max_size=3).map(tuple), target=TARGETS))
def test_a_status_is_harmless(found: Plan) -> None:
    assert_harmless(render_status_text(found))


@given(st.lists(PROBLEMS, max_size=3), TEXT, MAYBE)
def test_problems_and_errors_are_harmless(problems: list[Problem], message: str, hint: str | None) -> None:
    assert_harmless(render_problems_text(problems) + render_error_text(UsageError(message, hint=hint)))
