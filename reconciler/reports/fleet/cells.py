"""The cells of one target: what each spec needs there, what its gate says, and how far live is behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.planning.gate import Gate
from reconciler.planning.gating.upstream import by_spec
from reconciler.planning.plan import Plan, SpecStatus, State
from reconciler.reports.fleet.view import Behind, Cell, CellState, GateView
from reconciler.reports.plan.view import PlanView
from reconciler.reports.plan.waiting import wait_view
from reconciler.wording.moments import moment

Lagging: TypeAlias = Callable[[str, str], "tuple[int, int] | None"]
"""From the commit that live was applied from and a file, as reports name it, to the commits that changed it since, and the time (seconds
since the epoch) of the first; None if there are none, or if nothing can tell."""

_BY_CAUSE: Final = {
    Cause.DRIFT: CellState.DRIFT,
    Cause.BOTH: CellState.BOTH,
    Cause.UNKNOWN: CellState.DIFFERS,
    Cause.UNCONFIRMED: CellState.DIFFERS,
}
_BY_STATE: Final = {
    State.CREATE: CellState.CREATE,
    State.IN_SYNC: CellState.IN_SYNC,
    State.ORPHAN: CellState.ORPHAN,
    State.RETIRED: CellState.RETIRED,
    State.AHEAD: CellState.AHEAD,
    State.ERROR: CellState.ERROR,
}
_MAY_MOVE: Final = frozenset({CellState.IN_SYNC, CellState.ORPHAN})
"""States of a connection spec that say nothing of the flow specs that hold it."""
_MAY_LAG: Final = frozenset({CellState.PENDING, CellState.BOTH, CellState.DIFFERS, CellState.WAITING})


def nobody_lags(_commit: str, _file: str) -> None:
    """For reports that do not count commits."""


def cells_of(plan: Plan, view: PlanView, lagging: Lagging) -> Iterator[tuple[tuple[Kind, str], Cell]]:
    """A cell for each spec of the target, by kind and key; it does not have its variant yet."""
    attached = {key for action in view.actions if action.attaches for key in action.keys}
    detached = {key for action in view.actions if action.detaches for key in action.keys}
    waits = frozenset(by_spec(plan, plan.waiting)) - frozenset(by_spec(plan, plan.actions))
    for spec in plan.specs:
        place = (spec.kind, spec.key)
        state = CellState.WAITING if place in waits else _state(spec, attached, detached)
        marker, gate = plan.markers.get(place), plan.gates.get(place)
        commit = marker.commit if marker is not None else None
        lag = lagging(commit, spec.file) if commit and spec.file and state in _MAY_LAG else None
        yield (
            place,
            Cell(
                state,
                spec.id,
                commit=commit,
                behind=Behind(lag[0], moment(lag[1])) if lag else None,
                gate=gate_view(gate) if gate is not None else None,
            ),
        )


def gate_view(gate: Gate) -> GateView:
    """The view of a gate."""
    return GateView(gate.is_ready, tuple(map(wait_view, gate.waits)), tuple(map(wait_view, gate.skipped)))


def _state(spec: SpecStatus, attached: set[str], detached: set[str]) -> CellState:
    state = _BY_STATE.get(spec.state) or _BY_CAUSE.get(spec.cause or Cause.PENDING, CellState.PENDING)
    if state in _MAY_MOVE and spec.kind is Kind.CONNECTION_SPEC:
        return CellState.ATTACH if spec.key in attached else CellState.DETACH if spec.key in detached else state
    return state
