"""Makes the view of several targets from their plans."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from reconciler.documents.json_text import Document, decode, encode_readable, encode_sorted
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, exit_code_of
from reconciler.planning.fleet import TargetPlan, fleet_digest
from reconciler.planning.plan import Plan
from reconciler.reports.drift.view import drift_of, has_drift
from reconciler.reports.fleet.cells import Lagging, cells_of, nobody_lags
from reconciler.reports.fleet.view import (
    Cell,
    CellState,
    FleetSummary,
    FleetView,
    Row,
    SelectionView,
    TargetState,
    TargetView,
    Variant,
)
from reconciler.reports.plan.view import ActionView, PlanView, view_of
from reconciler.settings.targets import Settings

_ID_LENGTH: Final = 8
Reported = Callable[[Plan, PlanView], Document]
"""The report of one target, as the command prints it for that target alone."""


class FleetRun(msgspec.Struct, frozen=True):
    """What a command did over several targets. `report` is its name."""

    report: str
    settings: Settings
    selection: SelectionView
    plans: Sequence[TargetPlan]
    reported: Reported
    is_drift: bool = False
    detailed: bool = False
    """Whether something to do is exit code 2."""
    lagging: Lagging = nobody_lags


def fleet_view(run: FleetRun) -> FleetView:
    """The view of the run."""
    full = {one.name: view_of(one.plan) for one in run.plans if one.plan is not None}
    plans = {name: drift_of(view) for name, view in full.items()} if run.is_drift else full
    variants, actions = variants_of(plans)
    targets = tuple(_target(run, one, plans.get(one.name)) for one in run.plans)
    known = [one.plan for one in run.plans if one.plan is not None]
    return FleetView(
        report=run.report,
        repository=run.settings.repository,
        commit=next((plan.commit for plan in known), None),
        digest=fleet_digest(run.plans),
        selection=run.selection,
        summary=summary_of(targets, plans),
        targets=targets,
        matrix=tuple(_matrix(run, full, variants)),
        variants=variants,
        actions=actions,
        plans=plans,
    )


def exit_code_over(view: FleetView) -> ExitCode:
    """The exit code of a command that reads several targets: the first that fits of 1, 3, 2 and 0."""
    codes = {target.exit_code for target in view.targets}
    return next((code for code in (ExitCode.WRONG, ExitCode.REFUSED, ExitCode.DIFFERENT) if code in codes), ExitCode.DONE)


def _target(run: FleetRun, one: TargetPlan, view: PlanView | None) -> TargetView:
    settings, at, error = run.settings.targets[one.name], one.target, one.error
    state, code = _outcome(run, one, view)
    return TargetView(
        name=one.name,
        host=at.host if at else None,
        org_id=at.org_id if at else None,
        sandbox=at.sandbox if at else None,
        groups=settings.groups,
        fleet=settings.fleet,
        environment=settings.environment or one.name,
        after=run.settings.upstreams(one.name),
        wave=run.settings.wave(one.name),
        state=state,
        exit_code=code,
        digest=one.plan.digest if one.plan else None,
        seconds=round(one.seconds, 1),
        why=error.message if error else None,
        hint=error.hint if error else None,
        report=run.reported(one.plan, view) if one.plan is not None and view is not None else None,
    )


def _outcome(run: FleetRun, one: TargetPlan, view: PlanView | None) -> tuple[TargetState, ExitCode]:
    if view is None:
        return TargetState.FAILED, one.error.exit_code if one.error else ExitCode.WRONG
    state, code = outcome_of(view, drift=run.is_drift)
    if state is TargetState.REFUSED and run.report == "status":
        return state, ExitCode.DONE  # status writes nothing, so nothing refuses it
    is_different = run.detailed and state in (TargetState.TO_DO, TargetState.WAITING)
    return state, ExitCode.DIFFERENT if is_different else code


def outcome_of(view: PlanView, *, drift: bool) -> tuple[TargetState, ExitCode]:
    """The state of a target with this plan, or with this `drift`, and the exit code of a run for it alone."""
    code = exit_code_of(view.problems)
    if drift and has_drift(view):
        return TargetState.DRIFTED, ExitCode.DIFFERENT
    if drift and view.overdue and code is ExitCode.DONE:
        return TargetState.TO_DO, ExitCode.DIFFERENT
    if code is not ExitCode.DONE:
        return TargetState.REFUSED if code is ExitCode.REFUSED else TargetState.FAILED, code
    if view.actions:
        return TargetState.TO_DO, code
    return TargetState.WAITING if view.waiting and not drift else TargetState.IN_SYNC, code


def summary_of(targets: Sequence[TargetView], plans: Mapping[str, PlanView]) -> FleetSummary:
    """Numbers of targets by state, and of permanent creates in their plans."""
    states = Counter(target.state for target in targets)
    return FleetSummary(
        targets=len(targets),
        in_sync=states[TargetState.IN_SYNC],
        to_do=states[TargetState.TO_DO],
        drifted=states[TargetState.DRIFTED],
        refused=states[TargetState.REFUSED],
        failed=states[TargetState.FAILED],
        waiting=states[TargetState.WAITING],
        applied=states[TargetState.APPLIED],
        blocked=states[TargetState.BLOCKED],
        not_started=states[TargetState.NOT_STARTED],
        creates=sum(view.summary.create for view in plans.values()),
    )


def variants_of(plans: Mapping[str, PlanView]) -> tuple[tuple[Variant, ...], Mapping[str, ActionView]]:
    """What the plans do, each once, with the targets where it is the same; grave ones first as each plan has them."""
    found: dict[str, tuple[ActionView, list[str]]] = {}
    for name, view in plans.items():
        for action in view.actions:
            found.setdefault(variant_id(action), (action, []))[1].append(name)
    variants = tuple(
        Variant(of, one.kind, one.key, one.name, one.action, one.cause, one.changes, tuple(targets))
        for of, (one, targets) in found.items()
    )
    return variants, {of: one for of, (one, _) in found.items()}


def variant_id(action: ActionView) -> str:
    """A digest of what an action does, the same in every target where it does the same."""
    said = [action.kind, action.key, action.name, action.action, action.cause, action.changes, action.effects]
    text = encode_sorted(decode(encode_readable(said)))
    return hashlib.sha256(text).hexdigest()[:_ID_LENGTH]


def _matrix(run: FleetRun, views: Mapping[str, PlanView], variants: Iterable[Variant]) -> Iterator[Row]:
    unread = {one.name for one in run.plans if one.plan is None}
    broken = {one.name: {problem.key for problem in one.plan.errors} for one in run.plans if one.plan is not None}
    cells = {one.name: dict(cells_of(one.plan, views[one.name], run.lagging)) for one in run.plans if one.plan is not None}
    by_place: dict[tuple[Kind, str | None], dict[str, str]] = {}
    for variant in variants:
        by_place.setdefault((variant.kind, variant.key), {}).update(dict.fromkeys(variant.targets, variant.id))
    for place in sorted({row for found in cells.values() for row in found}):
        kind, key = place
        ids = by_place.get(place, {})
        row: dict[str, Cell] = {}
        for one in run.plans:
            if one.name in unread:
                row[one.name] = Cell(CellState.UNKNOWN)
                continue
            found = cells[one.name].get(place)
            if found is None:
                found = Cell(CellState.ERROR if key in broken[one.name] else CellState.ABSENT)
            row[one.name] = replace(found, variant=ids[one.name]) if one.name in ids else found
        yield Row(kind, key, row)
