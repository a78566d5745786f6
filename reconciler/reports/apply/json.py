"""The result of an apply, as JSON."""

from __future__ import annotations

from msgspec.structs import asdict

from reconciler.applying.outcome import ApplyReport
from reconciler.errors import ReconcilerError
from reconciler.reports.apply.view import ApplyView, apply_view_of, refusal_view_of
from reconciler.reports.plan.json import plan_document
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.json import to_json


def render_apply_json(report: ApplyReport, *, restored: bool = False, plan: PlanView | None = None) -> str:
    """The outcome of each spec. `error` is null: the apply went to its end, however its specs ended. `restored`: by a restore.

    With `plan`, what was carried out is kept beside its outcome.
    """
    return _rendered(apply_view_of(report, plan, restored=restored))


def render_refusal_json(view: PlanView, error: ReconcilerError, *, plan: PlanView | None = None) -> str:
    """The same form for an apply that was refused with the plan at hand; nothing was written."""
    return _rendered(refusal_view_of(view, error, plan))


def _rendered(view: ApplyView) -> str:
    document = asdict(view)
    plan = document.pop("plan")
    return to_json(document | {"plan": plan_document(plan)} if plan else document)
