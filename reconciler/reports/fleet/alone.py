"""The report of one target as a view over several, of which it is the only one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import Document, decode
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode
from reconciler.planning.fleet import digest_over
from reconciler.planning.plan import ActionName, PlanTarget
from reconciler.reports.apply.json import render_view_json
from reconciler.reports.apply.view import ApplyView
from reconciler.reports.fleet.applied.making import state_after
from reconciler.reports.fleet.making import outcome_of, summary_of, variants_of
from reconciler.reports.fleet.view import Cell, CellState, FleetView, GateView, Row, SelectionView, TargetState, TargetView
from reconciler.reports.plan.json import render_drift_json, render_plan_json
from reconciler.reports.plan.view import ActionView, PlanView
from reconciler.reports.report_reading import DriftReport, Report
from reconciler.settings.targets import Settings

_BY_CAUSE: Final = {
    Cause.DRIFT: CellState.DRIFT,
    Cause.BOTH: CellState.BOTH,
    Cause.UNKNOWN: CellState.DIFFERS,
    Cause.UNCONFIRMED: CellState.DIFFERS,
}
_Specs = frozenset[tuple[Kind, str]]


def of_one_target(report: Report, settings: Settings, belonging: Mapping[str, _Specs]) -> FleetView | str:
    """The view, or the reason why this report has none.

    `belonging` are the specs that belong to each target. The report of one target does not name specs without an action: those that
    belong to it are in sync, unless it has a problem with one, or was made of some specs only.
    """
    match report:
        case PlanView():
            return _view(
                _Alone("plan", report.target, report, *outcome_of(report, drift=False), render_plan_json(report)),
                settings,
                belonging,
            )
        case DriftReport(plan):
            return _view(
                _Alone("drift", plan.target, plan, *outcome_of(plan, drift=True), render_drift_json(plan)), settings, belonging
            )
        case ApplyView():
            one = _Alone("apply", report.target, report.plan, *_of_apply(report), render_view_json(report), _results_of(report))
            return _view(one, settings, belonging)
        case _:
            return "it is not a report of plan, apply or drift"


@dataclass(frozen=True, slots=True)
class _Alone:
    """What the report of one target says: the command, the plan in it, what came of it, and all of it as JSON.

    `results` has, after an apply, what became of each spec that was to be written.
    """

    command: str
    at: PlanTarget
    plan: PlanView | None
    state: TargetState
    code: ExitCode
    text: str
    results: Mapping[tuple[Kind, str], CellState] = field(default_factory=dict)


def _view(one: _Alone, settings: Settings, belonging: Mapping[str, _Specs]) -> FleetView:
    at, plan = one.at, one.plan
    plans = {at.name: plan} if plan is not None else {}
    variants, actions = variants_of(plans)
    target = TargetView(
        name=at.name,
        host=at.host,
        org_id=at.org_id,
        sandbox=at.sandbox,
        groups=(),
        fleet=None,
        environment=at.name,
        after=(),
        wave=1,
        state=one.state,
        exit_code=int(one.code),
        digest=plan.digest if plan is not None else None,
        seconds=0.0,
        why=None,
        hint=None,
        report=_document(one.text),
    )
    return FleetView(
        report=one.command,
        repository=plan.repository if plan is not None else settings.repository,
        commit=plan.commit if plan is not None else None,
        digest=digest_over([(at.name, plan.digest)] if plan is not None and plan.actions else []),
        selection=SelectionView(all=False, targets=(at.name,), groups=(), excluded=(), left_out=()),
        summary=summary_of((target,), plans),
        targets=(target,),
        matrix=tuple(_rows(one, {(each.kind, each.key): each.id for each in variants}, belonging.get(at.name, frozenset()))),
        variants=variants,
        actions=actions,
        plans=plans,
    )


def _document(text: str) -> Document:
    document = decode(text)
    return document if isinstance(document, dict) else {}


def _of_apply(report: ApplyView) -> tuple[TargetState, ExitCode]:
    if report.error is not None:
        return TargetState.REFUSED, ExitCode.REFUSED
    if not report.converged:
        return TargetState.FAILED, ExitCode.UNFINISHED
    if any(result.requests for result in report.results):
        return TargetState.APPLIED, ExitCode.DONE
    return TargetState.WAITING if report.waiting else TargetState.IN_SYNC, ExitCode.DONE


def _results_of(report: ApplyView) -> Mapping[tuple[Kind, str], CellState]:
    return {(one.kind, one.key): state_after(one.outcome) for one in report.results if one.key is not None}


def _rows(one: _Alone, variants: Mapping[tuple[Kind, str | None], str], belonging: _Specs) -> Iterator[Row]:
    plan = one.plan
    if plan is None:
        return
    acted = {(action.kind, action.key): action for action in plan.actions if action.key is not None}
    attached = {key for action in plan.actions if action.attaches for key in action.keys}
    detached = {key for action in plan.actions if action.detaches for key in action.keys}
    gates = {
        (held.action.kind, held.action.key): GateView(ready=False, waits=held.waits) for held in plan.waiting if held.action.key
    }
    overdue = {(late.kind, late.key) for late in plan.overdue}
    wrong = {problem.key for problem in plan.problems if problem.is_error}
    for kind, key in sorted(belonging | set(acted) | set(gates)):
        action = acted.get((kind, key))
        is_source = kind is Kind.CONNECTION_SPEC
        if action is not None:
            state = one.results.get((kind, key)) or _state(action)
        elif (kind, key) in gates:
            state = CellState.WAITING
        elif (kind, key) in overdue:
            state = CellState.PENDING
        elif key in wrong:
            state = CellState.ERROR
        elif is_source and key in attached | detached:
            state = CellState.ATTACH if key in attached else CellState.DETACH
        else:
            state = CellState.UNKNOWN if plan.options.keys and key not in plan.options.keys else CellState.IN_SYNC
        spec_id, variant = (action.id, variants.get((kind, key))) if action is not None else (None, None)
        gate = gates.get((kind, key)) if state is CellState.WAITING else None
        yield Row(kind, key, {one.at.name: Cell(state, spec_id, variant, gate=gate)})


def _state(action: ActionView) -> CellState:
    if action.action is ActionName.CREATE:
        return CellState.CREATE
    return _BY_CAUSE.get(action.cause or Cause.PENDING, CellState.PENDING)
