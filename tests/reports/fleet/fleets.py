"""Plans of several targets made by hand, and their reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from msgspec import structs

from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import Document, decode
from reconciler.errors import Problem, ReconcilerError, Severity, UsageError
from reconciler.planning.fleet import TargetPlan
from reconciler.planning.plan import Plan, State
from reconciler.reports.fleet.json import render_fleet_json
from reconciler.reports.fleet.making import FleetRun, Reported, fleet_view
from reconciler.reports.fleet.view import FleetView, SelectionView
from reconciler.reports.plan.json import render_drift_json, render_plan_json
from reconciler.reports.plan.view import PlanView
from reconciler.settings.targets import Settings
from reconciler.settings.values import TargetSettings
from tests.reports.plans import TARGET, change, create, plan, spec, update

REPOSITORY = plan().repository
CHOSEN = SelectionView(all=True, targets=(), groups=(), excluded=(), left_out=())
UNREADABLE = UsageError("the list of connection specs could not be read: 403", hint="check the credential")


def settings(*names: str, **targets: TargetSettings) -> Settings:
    """Settings with these targets."""
    made = {name: TargetSettings(name=name) for name in names} | targets
    return Settings(repository=REPOSITORY, targets=made, version=1)


def target_plan(name: str, made: Plan | ReconcilerError) -> TargetPlan:
    """A target, read as this plan, or not read."""
    at = replace(TARGET, name=name)
    if isinstance(made, Plan):
        return TargetPlan(name, at, replace(made, target=at), None, 1.5)
    return TargetPlan(name, at, None, made, 1.5)


def view_over(given: Settings, plans: Mapping[str, Plan | ReconcilerError], report: str = "plan") -> FleetView:
    """The view of a run over these targets."""
    targets = [target_plan(name, made) for name, made in plans.items()]
    return fleet_view(FleetRun(report, given, CHOSEN, targets, _reported(report), is_drift=report == "drift"))


def report_over(given: Settings, plans: Mapping[str, Plan | ReconcilerError], report: str = "plan") -> bytes:
    """The JSON of such a run."""
    return render_fleet_json(view_over(given, plans, report)).encode()


def _reported(report: str) -> Reported:
    def reported(_: Plan, view: PlanView) -> Document:
        text = render_drift_json(view) if report == "drift" else render_plan_json(view)
        document = decode(text)
        assert isinstance(document, dict)
        return document

    return reported


_MAILCHIMP = spec("mailchimp-members")
_ORDERS = spec("orders")
EDIT = plan(
    update(change("replace", "/a", 1, 2)),
    specs=(structs.replace(_MAILCHIMP, state=State.UPDATE, cause=Cause.PENDING), _ORDERS),
    digest="1" * 64,
)
NEW = plan(
    create("orders", change("add", "/name", new="Orders")),
    specs=(_MAILCHIMP, structs.replace(_ORDERS, id=None, state=State.CREATE)),
    digest="2" * 64,
)
QUIET = plan(specs=(_MAILCHIMP, _ORDERS), digest="3" * 64)
REFUSED = replace(EDIT, problems=(Problem(Severity.ERROR, "too-many-updates", "too many", guard=True),), digest="4" * 64)
