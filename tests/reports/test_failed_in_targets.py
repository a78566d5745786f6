"""What an apply over several targets could not write, as Markdown."""

from __future__ import annotations

from reconciler.applying.fleet import StalePlan
from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.documents.json_text import Document, decode
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity, UsageError
from reconciler.reports.apply.json import render_apply_json, render_refusal_json
from reconciler.reports.failed_in_targets import failed_specs, refusals
from reconciler.reports.plan.view import view_of
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.markdown import no_links, size
from tests.reports.plans import TARGET, plan


def report(*outcomes: OutcomeName) -> Document:
    results = tuple(
        Result(
            Kind.CONNECTION_SPEC,
            f"orders-{number}",
            f"Orders {number}",
            None,
            outcome,
            error=None if outcome.is_good else Failure("http-400", "the service said <b>no</b>", hint="fix the body"),
        )
        for number, outcome in enumerate(outcomes)
    )
    return document(render_apply_json(ApplyReport(TARGET, "1" * 64, results)))


def document(text: str) -> Document:
    made = decode(text.encode())
    assert isinstance(made, dict)
    return made


def test_each_spec_that_failed_is_named_with_its_target_and_the_reason() -> None:
    shown = failed_specs(
        [("dev", report(OutcomeName.CREATED)), ("stage", report(OutcomeName.UPDATED, OutcomeName.FAILED))], 9_000
    )
    assert shown.startswith("#### What failed\n\n- **failed** connection spec <code>orders-1</code>")
    assert "in <code>stage</code>\\\n" in shown
    assert "the service said" in shown
    assert "<b>" not in shown
    assert "hint: fix the body" in shown
    assert "orders-0" not in shown


def test_nothing_is_said_if_nothing_failed() -> None:
    assert failed_specs([("dev", report(OutcomeName.CREATED)), ("stage", None)], 9_000) == ""


def test_a_target_that_was_refused_has_no_failed_specs() -> None:
    assert failed_specs([("dev", document(render_refusal_json(view_of(plan()), UsageError("no"))))], 9_000) == ""


def test_a_report_that_cannot_be_read_hides_no_other() -> None:
    shown = failed_specs([("dev", {"report": "apply", "format_version": 99}), ("stage", report(OutcomeName.UNKNOWN))], 9_000)
    assert "in <code>stage</code>" in shown


def test_what_does_not_fit_is_counted() -> None:
    shown = failed_specs([("dev", report(*[OutcomeName.FAILED] * 2_000))], 4_000)
    assert size(shown) <= 4_000
    assert "more specs" in shown


def test_what_a_refusal_found_is_shown_with_its_target_unless_the_plan_has_shown_it() -> None:
    shown_before = Problem(Severity.WARNING, "untried", "it was not tried")
    stale = StalePlan("no", hint="plan again", problems=(Problem(Severity.ERROR, "stale-new", "an update is new"),))
    refused = document(render_refusal_json(view_of(plan(problems=(shown_before,))), stale))
    told = {"stage": (problem_view(shown_before),)}
    shown = refusals([("dev", report(OutcomeName.FAILED)), ("stage", refused)], told, no_links, 4_000)
    assert shown == "#### Refused\n\n- **error** an update is new (<code>stale-new</code>)\\\n  in <code>stage</code>"
