"""The gate `same`: what this run applies upstream first, and what the upstream target may still have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import pytest
from msgspec import structs

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec, StrangeItem
from reconciler.planning.gate import GateName
from reconciler.planning.gating.judging import Gating
from reconciler.planning.gating.upstream import Upstream, by_spec
from reconciler.planning.plan import Plan, State
from tests.planning.gating.targets import FLOW, GONE, HOUR, MEMBERS, NEW, OLD, PRODS, UPSTREAMS, left_by, prod, stage
from tests.planning.situations import (
    connection,
    flow_file,
    live,
    marked,
    marker_for,
    plan,
    shared_flow,
    spec_id,
)


def test_what_this_run_applies_upstream_first_counts_as_done() -> None:
    assert PRODS["update"](Gating((replace(UPSTREAMS["pending"], is_first=True),))).actions
    assert PRODS["create"](Gating((replace(UPSTREAMS["absent"], is_first=True),))).actions


def test_drift_that_this_run_overwrites_upstream_is_no_change_to_pass_on() -> None:
    assert PRODS["update"](Gating((replace(UPSTREAMS["drift"], is_first=True),))).actions == ()


def test_what_waits_upstream_itself_does_not_count_as_done() -> None:
    held = prod(Gating((UPSTREAMS["absent"],)), shared_flow())
    upstream = Upstream("stage", held, desired={MEMBERS: NEW}, is_first=True)
    assert PRODS["create"](Gating((upstream,))).actions == ()


def test_with_a_soak_what_this_run_applies_upstream_waits() -> None:
    made = PRODS["update"](Gating((replace(UPSTREAMS["pending"], is_first=True),), soak=HOUR))
    assert [wait.gate for wait in made.gates[MEMBERS].waits] == [GateName.SOAK]


@pytest.mark.parametrize(
    ("live_specs", "rest", "reason"),
    [
        ((), {"complete": False}, "the list of live specs is incomplete"),
        ((), {"strange": (StrangeItem(Kind.CONNECTION_SPEC, 3, "it is text, not an object"),)}, "entry 3 of the list"),
        (
            (),
            {
                "strange": (
                    StrangeItem(
                        Kind.CONNECTION_SPEC,
                        3,
                        "it has no id",
                        name="Members",
                        attributes={"reconciler": {"repository": "acme/aep-sources", "sandbox": "dev", "key": "members"}},
                    ),
                )
            },
            "entry 3 of the list",
        ),
        ((live(NEW),), {}, "may be ours and has lost its marker"),
    ],
)
def test_what_may_still_be_upstream_is_not_retired_here(
    live_specs: tuple[LiveSpec, ...], rest: dict[str, Any], reason: str
) -> None:
    made = PRODS["detach"](Gating((stage(shared_flow(), *live_specs, files=(), **rest),)))
    (wait,) = made.gates[MEMBERS].waits
    assert (made.actions, wait.gate) == ((), GateName.SAME)
    assert wait.message.startswith("stage may still have it: ")
    assert reason in wait.message


def test_an_entry_of_another_owner_upstream_keeps_nothing_back() -> None:
    strange = (StrangeItem(Kind.CONNECTION_SPEC, 3, "it has no id", name="theirs", attributes={}),)
    assert PRODS["detach"](Gating((stage(shared_flow(), files=(), strange=strange),))).actions


def test_an_error_in_another_file_upstream_leaves_open_whether_a_spec_is_gone() -> None:
    assert GONE.plan is not None
    broken = replace(
        GONE.plan, problems=(Problem(Severity.ERROR, "x", "its overlay is not valid", "specs/o.yaml", key="orders"),)
    )
    made = PRODS["detach"](Gating((replace(GONE, plan=broken),)))
    assert (made.actions, made.gates[MEMBERS].waits[0].message) == ((), "stage may still have it: its overlay is not valid")


def test_a_detach_is_known_by_its_id_in_any_case() -> None:
    upper = "0000000A-0000-4000-8000-00000000000B"
    flow = shared_flow(upper.lower())
    held = prod(Gating(()), left_by(OLD, audit={"id": upper.lower()}), flow, files=())
    status = tuple(structs.replace(each, id=upper) for each in held.specs)
    detaches = [action for action in held.actions if action.kind is Kind.FLOW_SPEC]
    assert list(by_spec(replace(held, specs=status, ids={}), detaches)) == [MEMBERS]


@pytest.mark.parametrize("state", ["in sync", "pending", "drift", "absent"])
@pytest.mark.parametrize("soak", [0.0, HOUR])
def test_what_is_taken_out_of_this_target_alone_goes_at_once(state: str, soak: float) -> None:
    assert PRODS["detach"](Gating((UPSTREAMS[state],), soak=soak)).actions


def test_a_detach_that_this_run_makes_upstream_first_counts_as_done() -> None:
    there = UPSTREAMS["still there without a file"]
    assert PRODS["detach"](Gating((there,))).actions == ()
    assert PRODS["detach"](Gating((replace(there, is_first=True),))).actions


def test_a_retired_spec_that_a_flow_spec_still_holds_upstream_is_not_gone_there() -> None:
    flow = flow_file(sourceConnectionSpecIds=[])
    retired = marked(NEW, marker=marker_for(NEW, retired=True))
    upstream = stage(retired, marked(flow, 7, sourceConnectionSpecIds=[spec_id(1)]), files=(flow,))
    made = PRODS["detach"](Gating((upstream,)))
    assert (made.actions, made.gates[MEMBERS].waits[0].message) == ((), "stage has not retired it yet")


def test_an_orphan_that_nobody_prunes_upstream_is_not_gone_there() -> None:
    upstream = Upstream("stage", plan((), [left_by(NEW), shared_flow()], prune=False))
    made = PRODS["detach"](Gating((upstream,)))
    assert (made.actions, made.gates[MEMBERS].waits[0].message) == ((), "stage has not retired it yet")


def with_problem(upstream: Upstream, problem: Problem) -> Upstream:
    assert upstream.plan is not None
    return replace(upstream, plan=replace(upstream.plan, problems=(problem,)))


def test_a_guard_that_refuses_to_write_upstream_leaves_nothing_open_there() -> None:
    guard = Problem(Severity.ERROR, "too-many-creates", "too many", guard=True)
    assert PRODS["detach"](Gating((with_problem(GONE, guard),))).actions
    assert PRODS["update"](Gating((with_problem(UPSTREAMS["in sync"], guard),))).actions


def caused(cause: Cause) -> Upstream:
    """The upstream target with a change of this cause to make."""
    pending = UPSTREAMS["pending"]
    assert pending.plan is not None
    return replace(pending, plan=replace(pending.plan, actions=tuple(replace(one, cause=cause) for one in pending.plan.actions)))


@pytest.mark.parametrize(
    ("cause", "drifted"),
    [
        (Cause.DRIFT, "has drifted"),
        (Cause.BOTH, "has drifted"),
        (Cause.UNKNOWN, "may have drifted"),
        (Cause.UNCONFIRMED, "may have drifted"),
    ],
)
def test_what_may_have_drifted_upstream_is_not_passed_on(cause: Cause, drifted: str) -> None:
    made = PRODS["update"](Gating((replace(caused(cause), is_first=True),)))
    (wait,) = made.gates[MEMBERS].waits
    assert wait.message == f"stage {drifted}, so what would go on is not what runs there"


def sectioned(sections: Iterable[str], text: str) -> DesiredSpec:
    body: dict[str, Any] = {section: {"text": text} for section in sections}
    return connection(flow_specs=(FLOW,), **body)


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        (("a", "b", "c"), "3 changes pending (a, b, c)"),
        (("a", "b", "c", "d"), "4 changes pending (a, b, c, …)"),
    ],
)
def test_a_pending_change_names_three_sections(sections: tuple[str, ...], said: str) -> None:
    new = sectioned(sections, "new")
    old = sectioned(sections, "old")
    upstream = stage(left_by(old), shared_flow(spec_id(1)), files=(new,), base=old)
    made = prod(Gating((upstream,)), left_by(old), shared_flow(spec_id(1)), files=(new,))
    assert made.gates[MEMBERS].waits[0].message == f"stage has {said}"


def test_what_waits_at_a_gate_of_the_upstream_target_is_pending_there() -> None:
    held = prod(Gating((UPSTREAMS["absent"],)), left_by(OLD), shared_flow(spec_id(1)))
    made = PRODS["update"](Gating((Upstream("stage", held, desired={MEMBERS: NEW}),)))
    assert made.gates[MEMBERS].waits[0].message == "stage has 1 change pending (attributes)"


def test_two_live_specs_of_one_key_upstream_are_not_the_same() -> None:
    upstream = UPSTREAMS["in sync"]
    assert upstream.plan is not None
    (status,) = [each for each in upstream.plan.specs if each.key == "members"]
    both = (structs.replace(status, state=State.ORPHAN, id=spec_id(9)), status)
    made = PRODS["update"](Gating((replace(upstream, plan=replace(upstream.plan, specs=both)),)))
    assert (made.actions, made.gates[MEMBERS].waits[0].message) == ((), "stage does not have it as one live spec")


# what belongs to the upstream target


def for_others(upstream: Upstream) -> Upstream:
    return replace(upstream, elsewhere=lambda key: key == "members")


@pytest.mark.parametrize("state", ["still there without a file", "retired without a file"])
def test_what_was_taken_out_of_the_upstream_target_goes_on_though_it_is_live_there(state: str) -> None:
    """It cannot be deleted there, so it would wait for ever."""
    assert PRODS["update"](Gating((for_others(UPSTREAMS[state]),))).actions


def test_what_both_targets_are_to_lose_goes_from_the_upstream_target_first() -> None:
    assert PRODS["detach"](Gating((for_others(UPSTREAMS["still there without a file"]),))).actions == ()
    assert PRODS["detach"](Gating((for_others(GONE),))).actions


# which specs an action is about


def test_a_flow_spec_that_gains_a_spec_by_its_file_is_pending_for_it() -> None:
    before, flow = flow_file(sourceConnectionSpecIds=[]), flow_file(sourceConnectionSpecIds=[{"ref": "members"}])
    files = (replace(NEW, flow_specs=()), flow)
    upstream = stage(left_by(files[0]), marked(before, 7), files=files)
    made = prod(Gating((upstream,)), marked(before, 7), files=files)
    assert made.gates[MEMBERS].waits[0].message == "stage has 1 change pending (sourceConnectionSpecIds)"


def test_a_flow_spec_that_is_created_for_a_spec_is_pending_for_it_and_is_not_the_spec() -> None:
    files = (replace(NEW, flow_specs=("own-flow",)), flow_file())
    upstream = stage(left_by(files[0]), files=files)
    made = prod(Gating((upstream,)), files=files)
    assert "pending" in made.gates[MEMBERS].waits[0].message


LETTERS: Final = "0000000a-0000-4000-8000-00000000000b"


def detaching(value: Json) -> Plan:
    """A plan that takes this entry out of a flow spec."""
    made = prod(Gating(()), left_by(OLD), shared_flow(spec_id(1)), files=())
    actions = tuple(
        replace(one, changes=tuple(replace(change, old=value) for change in one.changes), sources=())
        for one in made.actions
        if one.kind is Kind.FLOW_SPEC
    )
    return replace(made, actions=actions)


@pytest.mark.parametrize("value", [LETTERS.upper(), {"ref": "members"}])
def test_an_entry_is_known_by_its_id_in_any_case_or_by_its_key(value: Json) -> None:
    made = replace(detaching(value), ids={"members": LETTERS}, specs=())
    assert list(by_spec(made, made.actions)) == [MEMBERS]


@pytest.mark.parametrize("value", [{"ref": "members", "x": 1}, {"ref": 1}, 7, None])
def test_an_entry_of_another_form_is_no_spec(value: Json) -> None:
    made = detaching(value)
    assert list(by_spec(made, made.actions)) == []
