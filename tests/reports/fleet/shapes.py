"""Views of fleets of every size, full of hostile text."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from reconciler.documents.kinds import Kind
from reconciler.planning.gate import GateName
from reconciler.reports.fleet.making import summary_of
from reconciler.reports.fleet.view import (
    Behind,
    Cell,
    CellState,
    FleetView,
    GateView,
    Row,
    SelectionView,
    TargetState,
    TargetView,
    Variant,
)
from reconciler.reports.plan.view import ActionView, PlanView
from reconciler.reports.plan.waiting import WaitView
from tests.reports.strategies import ACTIONS, TEXT, VIEWS

LONGEST_NAME = 64
_TARGETS = st.sampled_from([1, 2, 8, 9, 40, 256])
_SPECS = st.sampled_from([0, 1, 10, 1_000])
WAITS = st.builds(
    WaitView,
    TEXT,
    st.sampled_from(GateName),
    TEXT,
    st.none() | TEXT,
    st.none() | TEXT,
    st.none() | TEXT,
    st.just(UNSET) | st.integers(0, 10**9),
)
GATES = st.builds(GateView, st.booleans(), st.lists(WAITS, max_size=2).map(tuple), st.lists(WAITS, max_size=1).map(tuple))
CELLS = st.builds(
    Cell,
    st.sampled_from(CellState),
    st.none() | TEXT,
    st.none() | TEXT,
    st.none() | TEXT,
    st.none() | st.builds(Behind, st.integers(0, 9), TEXT),
    st.none() | GATES,
)


def target_view(name: str, state: TargetState, text: str = "", group: str | None = None) -> TargetView:
    """A target in this state; its digest is as long as every digest."""
    return TargetView(
        name=name,
        host=text,
        org_id=text,
        sandbox=text,
        groups=(group,) if group is not None else (),
        fleet=None,
        environment=text,
        after=(),
        wave=1,
        state=state,
        exit_code=0,
        digest="d" * 64,
        seconds=0.0,
        why=text or None if state is TargetState.FAILED else None,
        hint=text or None,
        report=None,
    )


def fleet_of(
    report: str, targets: Sequence[TargetView], rows: Sequence[Row], acted: Sequence[ActionView], plan: PlanView
) -> FleetView:
    """A view of these targets and rows, where each action is a variant in all targets, and each target has the plan."""
    plans = {target.name: plan for target in targets if target.state is not TargetState.FAILED}
    variants = tuple(
        Variant(f"v{number}", one.kind, one.key, one.name, one.action, one.cause, one.changes, tuple(plans))
        for number, one in enumerate(acted)
    )
    return FleetView(
        report=report,
        repository="acme/aep-sources",
        commit="c" * 40,
        digest="f" * 64,
        selection=SelectionView(all=True, targets=(), groups=(), excluded=(), left_out=()),
        summary=summary_of(targets, plans),
        targets=tuple(targets),
        matrix=tuple(rows),
        variants=variants,
        actions={variant.id: one for variant, one in zip(variants, acted, strict=True)},
        plans=plans,
    )


@st.composite
def fleets(draw: st.DrawFn) -> FleetView:
    """Any fleet: few different parts, in any number, so that a large one is drawn as fast as a small one."""
    names = [f"{number}{draw(st.sampled_from(['-a', '_', '-emea']))}" for number in range(draw(_TARGETS))]
    states = draw(st.lists(st.sampled_from(TargetState), min_size=1, max_size=4))
    groups = draw(st.lists(st.none() | TEXT, min_size=1, max_size=3))
    text = draw(TEXT)
    targets = [
        target_view(_long(name), states[number % len(states)], text, groups[number % len(groups)])
        for number, name in enumerate(names)
    ]
    cells = draw(st.lists(CELLS, min_size=1, max_size=3))
    keys = draw(st.lists(TEXT, min_size=1, max_size=3))
    rows = [
        Row(
            Kind.CONNECTION_SPEC,
            f"{keys[number % len(keys)]}{number}" * 3,
            {target.name: cells[(number + place) % len(cells)] for place, target in enumerate(targets)},
        )
        for number in range(draw(_SPECS))
    ]
    acted = draw(st.lists(ACTIONS, max_size=3)) * draw(st.sampled_from([1, 2, 200]))
    many = [replace(one, key=f"{one.key}{number}") for number, one in enumerate(acted)]
    return fleet_of(draw(st.sampled_from(["plan", "drift", "status", "apply", "gates"])), targets, rows, many, draw(VIEWS))


def _long(name: str) -> str:
    return name + name[-1] * (LONGEST_NAME - len(name))
