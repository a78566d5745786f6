"""What passes the gate from an upstream target, in every state that it can have there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from reconciler.breaking.effect import Effect, Level
from reconciler.documents.comparison import Cause, Change, Op
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Severity
from reconciler.planning.gate import GateName
from reconciler.planning.gating.judging import Gating
from reconciler.planning.gating.passing import marked as marked_by_gates
from reconciler.planning.gating.passing import withheld
from reconciler.planning.gating.upstream import Upstream
from reconciler.planning.plan import Action, ActionName
from tests.planning.gating.targets import FLOW, MEMBERS, NEW, OLD, PRODS, UPSTREAMS, left_by, prod, stage
from tests.planning.situations import (
    connection,
    marked,
    shared_flow,
    spec_id,
)

PASSES: Final = {(state, "in sync") for state in ("create", "update", "attach")} | {
    ("detach", "retired without a file"),
    ("detach", "never there, without a file"),
}


CELLS: Final = [
    (state, change)
    for state in UPSTREAMS
    for change in PRODS
    if state == "unreadable" or (change == "detach") == state.endswith("without a file")
]
"""The file is the same in both targets: either it exists, or it does not."""


@pytest.mark.parametrize(("state", "change"), CELLS)
def test_only_what_the_upstream_target_has_as_it_is_here_goes_on(state: str, change: str) -> None:
    upstream = UPSTREAMS[state]
    made = PRODS[change](Gating((upstream,)))
    passes = (change, state) in PASSES
    assert (bool(made.actions), bool(made.waiting)) == (passes, not passes)
    assert made.gates[MEMBERS].is_ready is passes
    assert made.errors == ()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("pending", "stage has 1 change pending (attributes)"),
        ("drift", "stage has drifted, so what would go on is not what runs there"),
        ("both", "stage has drifted, so what would go on is not what runs there"),
        (
            "ahead",
            (
                "stage cannot be compared: connection spec 'members' was applied from commit aaaaaaaaaaaa, "
                "which this checkout does not contain"
            ),
        ),
        ("absent", "stage does not have it yet"),
        ("unreadable", "stage could not be read: 403 Forbidden"),
    ],
)
def test_a_spec_that_waits_says_what_is_missing_and_what_to_do(state: str, message: str) -> None:
    made = PRODS["update"](Gating((UPSTREAMS[state],)))
    (wait,) = made.gates[MEMBERS].waits
    assert (wait.on, wait.gate, wait.message) == ("stage", GateName.SAME, message)
    assert wait.hint


def test_what_waits_has_no_part_in_the_digest_the_limits_or_the_guards() -> None:
    waiting = prod(Gating((UPSTREAMS["absent"],)), shared_flow(), max_creates=0)
    quiet = prod(Gating(()), left_by(NEW), shared_flow(spec_id(1)), max_creates=0)
    assert (waiting.errors, waiting.digest) == ((), quiet.digest)


def test_one_spec_waits_and_the_others_go_on() -> None:
    other = connection("orders")
    upstream = stage(marked(other, 2), shared_flow(), files=(NEW, other))
    made = prod(Gating((upstream,)), shared_flow(), files=(NEW, other))
    assert [action.key for action in made.actions] == ["orders"]
    assert [action.key or action.name for action in made.waiting] == ["members", FLOW]


def test_an_attachment_of_a_spec_that_waits_leaves_the_flow_spec_to_the_others() -> None:
    other = connection("orders", flow_specs=(FLOW,))
    upstream = stage(marked(other, 2), shared_flow(spec_id(2)), files=(NEW, other))
    made = prod(Gating((upstream,)), shared_flow(), files=(NEW, other))
    (attach,) = [action for action in made.actions if action.kind is Kind.FLOW_SPEC]
    assert [change.new for change in attach.attaches] == [{"ref": "orders"}]
    (left,) = [action for action in made.waiting if action.kind is Kind.FLOW_SPEC]
    assert [change.new for change in left.attaches] == [{"ref": "members"}]


def test_a_spec_that_does_not_belong_upstream_is_not_asked_about_there() -> None:
    upstream = replace_elsewhere(stage(shared_flow(), files=()))
    made = prod(Gating((upstream,)), shared_flow())
    assert (len(made.actions), made.waiting) == (2, ())


def replace_elsewhere(upstream: Upstream) -> Upstream:
    return replace(upstream, elsewhere=lambda key: key == "members")


def test_every_upstream_target_is_asked() -> None:
    made = PRODS["update"](Gating((UPSTREAMS["in sync"], replace(UPSTREAMS["pending"], name="eu"))))
    assert [wait.on for wait in made.gates[MEMBERS].waits] == ["eu"]


def test_an_error_about_the_whole_comparison_lets_nothing_pass() -> None:
    upstream = UPSTREAMS["in sync"]
    assert upstream.plan is not None
    broken = replace(upstream, plan=replace(upstream.plan, problems=(Problem(Severity.ERROR, "x", "the list is cut off", None),)))
    made = PRODS["update"](Gating((broken,)))
    assert (made.actions, made.gates[MEMBERS].waits[0].message) == ((), "stage cannot be compared: the list is cut off")


def test_a_change_of_this_target_alone_passes_as_risky() -> None:
    here = connection(attributes={"text": "here"}, flow_specs=(FLOW,))
    made = prod(Gating((UPSTREAMS["in sync"],)), left_by(OLD), shared_flow(spec_id(1)), files=(here,))
    (action,) = made.actions
    assert "differs-upstream" in {effect.code for effect in action.effects}
    assert made.summary.risky == 1


def test_what_is_the_same_upstream_is_no_risk() -> None:
    (action,) = PRODS["update"](Gating((UPSTREAMS["in sync"],))).actions
    assert "differs-upstream" not in {effect.code for effect in action.effects}


def test_what_differs_upstream_is_said_beside_what_else_the_change_does() -> None:
    here = connection(attributes={"text": "here"}, flow_specs=(FLOW,))
    effect = Effect(Level.BREAKING, "gone", "/attributes", "it breaks", place=("attributes",))
    (action,) = prod(Gating(()), left_by(OLD), shared_flow(spec_id(1)), files=(here,)).actions
    (shown,), _ = marked_by_gates([replace(action, effects=(effect,))], {}, [UPSTREAMS["in sync"]])
    assert [one.code for one in shown.effects] == ["gone", "differs-upstream"]


# what is left of an action


def change(op: Op, value: str, cause: Cause, beyond: tuple[str, ...] = ()) -> Change:
    old, new = (MISSING, value) if op == "add" else (value, MISSING)
    return Change(op, "/sourceConnectionSpecIds/-", old, new, ("sourceConnectionSpecIds",), cause, beyond)


def test_what_is_left_of_an_action_has_its_own_cause_and_name() -> None:
    passes = change("add", "a", Cause.DRIFT)
    waits = change("remove", "b", Cause.PENDING)
    whole = Action(
        kind=Kind.FLOW_SPEC, key=None, name=FLOW, id="7", action=ActionName.UPDATE, cause=Cause.BOTH, changes=(passes, waits)
    )
    (left,) = withheld([whole], [replace(whole, changes=(passes,), action=ActionName.ATTACH)])
    assert (left.changes, left.cause) == ((waits,), Cause.PENDING)
    assert left.action is ActionName.DETACH


def test_changes_at_one_place_are_told_apart_by_what_they_do_and_where_in_the_list() -> None:
    changes = (
        change("add", "a", Cause.PENDING, ("0",)),
        change("add", "b", Cause.PENDING, ("1",)),
        change("remove", "c", Cause.PENDING, ("0",)),
    )
    whole = Action(kind=Kind.FLOW_SPEC, key=None, name=FLOW, id="7", action=ActionName.UPDATE, changes=changes)
    (left,) = withheld([whole], [replace(whole, changes=changes[:1])])
    assert left.changes == changes[1:]
