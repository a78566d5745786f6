"""The gate `same`: what this run applies upstream first, and what the upstream target may still have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec, StrangeItem
from reconciler.planning.gate import GateName
from reconciler.planning.gating.judging import Gating
from reconciler.planning.gating.upstream import Upstream, by_spec
from tests.planning.gating.targets import GONE, HOUR, MEMBERS, NEW, OLD, PRODS, UPSTREAMS, left_by, prod, stage
from tests.planning.situations import (
    live,
    shared_flow,
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
    status = tuple(replace(each, id=upper) for each in held.specs)
    detaches = [action for action in held.actions if action.kind is Kind.FLOW_SPEC]
    assert list(by_spec(replace(held, specs=status, ids={}), detaches)) == [MEMBERS]
