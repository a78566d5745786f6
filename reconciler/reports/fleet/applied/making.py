"""Makes the view of an apply over several targets: the view of its plans, with what became of each target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from reconciler.applying.fleet import TargetEnd
from reconciler.applying.outcome import ApplyReport, OutcomeName, Result
from reconciler.applying.waves import TurnState
from reconciler.documents.json_text import Document, decode
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, ReconcilerError, count
from reconciler.planning.gating.held import held_in
from reconciler.planning.plan import Plan, State
from reconciler.reports.apply.json import render_apply_json, render_refusal_json
from reconciler.reports.fleet.making import FleetRun, fleet_view
from reconciler.reports.fleet.view import Cell, CellState, FleetSummary, FleetView, Row, SelectionView, TargetState, TargetView
from reconciler.reports.plan.view import PlanView
from reconciler.settings.targets import Settings

_SIGNALS: Final = {ExitCode.SIGINT: "SIGINT", ExitCode.SIGTERM: "SIGTERM"}
_KEEP_GOING: Final = "fix what failed and run apply again, or go on with other targets with --keep-going"
_FAILED: Final = frozenset({OutcomeName.FAILED, OutcomeName.UNKNOWN, OutcomeName.NOT_CONVERGED})
_UNSETTLED: Final = {TurnState.BLOCKED: CellState.BLOCKED, TurnState.NOT_STARTED: CellState.NOT_STARTED}


@dataclass(frozen=True, slots=True)
class AppliedRun:
    """What an apply did over several targets."""

    settings: Settings
    selection: SelectionView
    ends: Sequence[TargetEnd]
    with_plans: bool = False
    """Whether the report of each target includes its plan."""


def applied_view(run: AppliedRun) -> FleetView:
    """The view of the run. Its digest is that of the plans that were shown."""
    ends = {end.name: end for end in run.ends}
    plans = [end.shown for end in run.ends]
    planned = fleet_view(
        FleetRun("apply", run.settings, run.selection, plans, lambda plan, view: _reported(run, ends, plan, view))
    )
    targets = tuple(_target(target, ends[target.name]) for target in planned.targets)
    return replace(
        planned,
        summary=_summary(planned.summary, targets),
        targets=targets,
        matrix=tuple(Row(row.kind, row.key, _cells(row, ends)) for row in planned.matrix),
    )


def exit_code_of_apply(
    view: FleetView, stopped: ExitCode | None, *, refused: ReconcilerError | None = None, incomplete: bool = False
) -> ExitCode:
    """The exit code of an apply over several targets: the first that fits of 130 or 143, 4, 1, 3 and 0.

    `refused`: why the run as a whole was refused, maybe with nothing to do in any target. `incomplete`: something waits at a gate, and
    the command requires all of it.
    """
    if stopped is not None:
        return stopped
    codes = {target.exit_code for target in view.targets} | ({refused.exit_code} if refused else set())
    for code in (ExitCode.UNFINISHED, ExitCode.WRONG, ExitCode.REFUSED):
        if code in codes:
            return code
    return ExitCode.REFUSED if incomplete else ExitCode.DONE


def _reported(run: AppliedRun, ends: Mapping[str, TargetEnd], plan: Plan, view: PlanView) -> Document:
    end, included = ends[view.target.name], view if run.with_plans else None
    if end.error is not None and end.report is None:
        return _document(render_refusal_json(view, end.error, plan=included))
    return _document(render_apply_json(end.report or _unwritten(plan), plan=included))


def _document(text: str) -> Document:
    document = decode(text.encode())
    assert isinstance(document, dict)  # noqa: S101 - a report is an object
    return document


def _unwritten(plan: Plan) -> ApplyReport:
    """The report of a target that was not written: what is in sync is, and what was to be done was skipped."""
    in_sync = [
        Result(spec.kind, spec.key, spec.name, spec.id, OutcomeName.IN_SYNC) for spec in plan.specs if spec.state is State.IN_SYNC
    ]
    skipped = [Result(one.kind, one.key, one.name, one.id, OutcomeName.SKIPPED) for one in plan.actions]
    return ApplyReport(plan.target, plan.digest, (*skipped, *in_sync), plan.problems, waiting=held_in(plan))


def _target(target: TargetView, end: TargetEnd) -> TargetView:
    state, code = _outcome(target, end)
    why, hint = _reason(end)
    return replace(
        target,
        state=state,
        exit_code=code,
        seconds=round(end.shown.seconds + end.seconds, 1),
        why=target.why or why,
        hint=target.hint or hint,
    )


def _outcome(target: TargetView, end: TargetEnd) -> tuple[TargetState, int]:
    turn, code = end.end, end.end.exit_code
    if turn.state is TurnState.BLOCKED:
        return TargetState.BLOCKED, ExitCode.DONE
    if turn.state is not TurnState.ENDED or code is None:
        return TargetState.NOT_STARTED, ExitCode.DONE
    if code in _SIGNALS:
        return _state_when_stopped(end), code
    if code is ExitCode.REFUSED:
        return TargetState.REFUSED, code
    if code is not ExitCode.DONE:
        return TargetState.FAILED, code
    written = end.report is not None and any(result.requests for result in end.report.results)
    if written:
        return TargetState.APPLIED, code
    waits = end.shown.plan is not None and end.shown.plan.waiting and target.state is TargetState.IN_SYNC
    return (TargetState.WAITING if waits else target.state), code


def _state_when_stopped(end: TargetEnd) -> TargetState:
    if end.report is None:
        return TargetState.NOT_STARTED
    if end.report.converged:
        return TargetState.APPLIED
    outcomes = {result.outcome for result in end.report.results}
    if not outcomes.isdisjoint(_FAILED):
        return TargetState.FAILED
    return TargetState.TO_DO if any(result.requests for result in end.report.results) else TargetState.NOT_STARTED


def _reason(end: TargetEnd) -> tuple[str | None, str | None]:
    """Why a target was not written to its end, and what to do about it."""
    names = ", ".join(end.end.because)
    match end.end.state:
        case TurnState.BLOCKED:
            return f"after {names}, not applied", "fix what failed first, then run apply again"
        case TurnState.ENDED:
            return _reason_of_end(end)
        case _ if names:
            return f"no target is begun after {names} failed", _KEEP_GOING
        case _:
            return "the run was stopped before it", "run apply again"


def _reason_of_end(end: TargetEnd) -> tuple[str | None, str | None]:
    if end.error is not None:
        return end.error.message, end.error.hint
    if end.end.exit_code in _SIGNALS and (end.report is None or not end.report.converged):
        return f"stopped by {_SIGNALS[end.end.exit_code]}", "run apply again"
    if end.report is not None and not end.report.converged:
        left = sum(not result.outcome.is_good for result in end.report.results)
        return f"{left} of {len(end.report.results)} not applied", None
    if end.report is None and end.shown.plan is not None and end.shown.plan.errors:
        first = end.shown.plan.errors[0]
        return f"the plan has {count(len(end.shown.plan.errors), 'error')}: {first.message}", first.hint
    return None, None


def _cells(row: Row, ends: Mapping[str, TargetEnd]) -> Mapping[str, Cell]:
    return {name: _cell(row, cell, ends[name]) for name, cell in row.cells.items()}


def _cell(row: Row, cell: Cell, end: TargetEnd) -> Cell:
    unsettled = _UNSETTLED.get(end.end.state)
    if unsettled is not None:
        return replace(cell, state=unsettled) if cell.variant is not None else cell
    result = _results(end).get((row.kind, row.key))
    if result is None:
        return cell
    return replace(cell, state=state_after(result.outcome), id=result.id or cell.id)


def state_after(outcome: OutcomeName) -> CellState:
    """The state of a spec that was to be written, after an apply."""
    if outcome.is_good:
        return CellState.APPLIED
    return CellState.FAILED if outcome in _FAILED else CellState.NOT_STARTED


def _results(end: TargetEnd) -> Mapping[tuple[Kind, str | None], Result]:
    """The results of what was to be done, by spec."""
    found = end.report.results if end.report else ()
    return {(result.kind, result.key): result for result in found if result.outcome is not OutcomeName.IN_SYNC}


def _summary(planned: FleetSummary, targets: Sequence[TargetView]) -> FleetSummary:
    states = Counter(target.state for target in targets)
    return replace(planned, **{state.value: states[state] for state in TargetState})
