"""The result of an apply, as JSON."""

from __future__ import annotations

from msgspec.structs import asdict

from reconciler.applying.outcome import ApplyReport
from reconciler.errors import ReconcilerError
from reconciler.reports.apply.view import ApplyView, apply_view_of, refusal_view_of
from reconciler.reports.plan.json import plan_document
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.json import report_json


def render_apply_json(report: ApplyReport, *, restored: bool = False, plan: PlanView | None = None) -> str:
    """The outcome of each spec. `error` is null if the apply ran to its end, even if specs failed. `restored`: set for a restore.

    With `plan`, the plan that was carried out is included.
    """
    return render_view_json(apply_view_of(report, plan, restored=restored))


def render_refusal_json(view: PlanView, error: ReconcilerError, *, plan: PlanView | None = None) -> str:
    """The same shape, for an apply that was refused with a plan; nothing was written."""
    return render_view_json(refusal_view_of(view, error, plan))


def render_view_json(view: ApplyView) -> str:
    """The same for a view, which may include its plan."""
    document = asdict(view)
    plan = document.pop("plan")
    if not view.waiting:
        del document["waiting"]
    return report_json("apply", document | {"plan": plan_document(plan)} if plan else document)
