"""What `--skip-gate` passes over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.planning.gate import GateName
from reconciler.planning.gating.judging import Gating
from reconciler.planning.gating.upstream import Upstream
from reconciler.planning.plan import Plan
from tests.planning.gating.targets import HOUR, MEMBERS, NEW, OLD, PRODS, UPSTREAMS, WRITTEN, left_by, prod
from tests.planning.situations import (
    connection,
    shared_flow,
    spec_id,
)


def skipping(*skips: str, state: str = "pending", **rest: Any) -> Plan:
    gating = Gating((UPSTREAMS[state],), skips=frozenset(skips), **rest)
    return prod(gating, left_by(OLD), shared_flow(spec_id(1)), skip_gates=skips, reason="a fix for the outage")


def test_a_gate_that_is_skipped_is_in_the_marker_the_digest_and_a_warning() -> None:
    made, plain = skipping("same"), PRODS["update"](Gating((UPSTREAMS["in sync"],)))
    (action,) = made.actions
    assert action.marker is not None
    assert action.marker.skipped == ("same",)
    assert action.marker.to_json()["skipped"] == ["same"]
    assert made.digest != plain.digest
    assert [problem.code for problem in made.problems if problem.code == "skipped-gate"] == ["skipped-gate"]


def test_a_skip_without_effect_changes_no_digest() -> None:
    assert skipping("same", state="in sync").digest == PRODS["update"](Gating((UPSTREAMS["in sync"],))).digest


def test_a_gate_is_skipped_for_the_named_spec_alone() -> None:
    assert skipping("same=members").actions
    gating = Gating((UPSTREAMS["pending"],), skips=frozenset({"same=orders"}))
    made = prod(gating, left_by(OLD), shared_flow(spec_id(1)), files=(NEW, connection("orders")), skip_gates=("same=orders",))
    assert "members" not in [action.key for action in made.actions]


def test_one_gate_that_is_skipped_leaves_the_others() -> None:
    made = skipping("same", soak=HOUR)
    assert [wait.gate for wait in made.gates[MEMBERS].waits] == [GateName.SOAK]


@pytest.mark.parametrize("state", ["pending", "drift", "absent", "unreadable"])
def test_content_that_is_not_there_has_not_soaked_even_if_same_is_skipped(state: str) -> None:
    upstream = UPSTREAMS[state]
    if upstream.plan is not None:  # what is there instead has been there for long
        upstream = replace(upstream, plan=replace(upstream.plan, served_at=WRITTEN + 99 * HOUR))
    made = prod(Gating((upstream,), soak=HOUR, skips=frozenset({"same"})), left_by(OLD), shared_flow(spec_id(1)))
    assert [wait.gate for wait in made.gates[MEMBERS].waits] == [GateName.SOAK]
    both = prod(Gating((upstream,), soak=HOUR, skips=frozenset({"same", "soak"})), left_by(OLD), shared_flow(spec_id(1)))
    assert both.gates[MEMBERS].is_ready
    assert [wait.gate for wait in both.gates[MEMBERS].skipped] == [GateName.SAME, GateName.SOAK]


def test_every_gate_that_is_skipped_is_in_the_marker() -> None:
    (action,) = skipping("soak", "same", soak=HOUR).actions
    assert action.marker is not None
    assert action.marker.skipped == ("same", "soak")


def test_a_skip_that_does_not_suffice_is_in_no_digest_and_no_warning() -> None:
    made, quiet = skipping("same", soak=HOUR), skipping(soak=HOUR)
    assert (made.actions, made.digest) == ((), quiet.digest)
    assert "skipped-gate" not in [problem.code for problem in made.problems]


def passed_over(*upstreams: Upstream, reason: str = "a fix for the outage") -> str:
    """The digest of a plan that skips `same` of these."""
    gating = Gating(upstreams, skips=frozenset({"same"}))
    return prod(gating, left_by(OLD), shared_flow(spec_id(1)), skip_gates=("same",), reason=reason).digest


def test_another_reason_or_another_target_that_is_passed_over_is_another_digest() -> None:
    pending = UPSTREAMS["pending"]
    both = (pending, replace(pending, name="eu"))
    assert len({passed_over(pending), passed_over(*both), passed_over(pending, reason="a fix for the customer")}) == 3
    assert passed_over(pending) == passed_over(pending)
