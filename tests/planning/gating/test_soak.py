"""The gate `soak`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.planning.gate import GateName
from reconciler.planning.gating.judging import Gating
from reconciler.planning.plan import Plan
from reconciler.wording.moments import moment
from tests.planning.gating.targets import HOUR, MEMBERS, NEW, PRODS, UPSTREAMS, WRITTEN, left_by, stage
from tests.planning.situations import (
    marked,
    marker_for,
    shared_flow,
    spec_id,
)


def soaked(served_at: float | None, *, at: float | None = None, **rest: Any) -> Plan:
    marker = marker_for(NEW, at=None if at is None else moment(at))
    upstream = stage(marked(NEW, marker=marker, **rest), shared_flow(spec_id(1)), served_at=served_at)
    return PRODS["update"](Gating((upstream,), soak=24 * HOUR))


@pytest.mark.parametrize(
    ("served_at", "at", "passes"),
    [
        (WRITTEN + 23 * HOUR, None, False),
        (WRITTEN + 24 * HOUR, None, True),
        (WRITTEN + 24 * HOUR, WRITTEN + 2 * HOUR, False),  # `updatedAt` stayed as it was
        (WRITTEN + 26 * HOUR, WRITTEN + 2 * HOUR, True),
        (WRITTEN + 24 * HOUR, WRITTEN - 2 * HOUR, True),  # a clock that was slow when it was written
    ],
)
def test_a_soak_begins_with_the_last_write_and_ends_by_the_clock_of_the_service(
    served_at: float, at: float | None, *, passes: bool
) -> None:
    assert bool(soaked(served_at, at=at).actions) is passes


def test_a_soak_that_lasts_says_since_when_and_until_when() -> None:
    (wait,) = soaked(WRITTEN + 19 * HOUR, at=WRITTEN).gates[MEMBERS].waits
    assert (wait.gate, wait.since, wait.until, wait.unsure) == (GateName.SOAK, WRITTEN, WRITTEN + 24 * HOUR, False)
    assert wait.message == f"19h of 1d (stage since {moment(WRITTEN)})"
    assert wait.left == 5 * HOUR


def test_an_unknown_time_lets_nothing_pass() -> None:
    (without_date,) = soaked(None).gates[MEMBERS].waits
    assert "have no Date" in without_date.message
    assert without_date.unsure


@pytest.mark.parametrize("at", [None, WRITTEN - 2 * HOUR, WRITTEN])
def test_without_a_time_of_its_last_change_it_may_have_been_changed_since_its_write(at: float | None) -> None:
    (wait,) = soaked(WRITTEN + 99 * HOUR, at=at, audit={"updatedAt": None}).gates[MEMBERS].waits
    assert wait.message == "stage does not say when it was last changed, so how long it has had it is not known"
    assert (wait.since, wait.until, wait.unsure) == (None, None, True)
    assert "--skip-gate soak" in (wait.hint or "")


@pytest.mark.parametrize("at", ["2026-99-99T99:99:99Z", "2026-02-30T00:00:00Z"])
def test_a_time_in_a_marker_that_cannot_be_read_lets_nothing_pass(at: str) -> None:
    upstream = stage(marked(NEW, marker=marker_for(NEW, at=at)), shared_flow(spec_id(1)), served_at=WRITTEN + 99 * HOUR)
    (wait,) = PRODS["update"](Gating((upstream,), soak=24 * HOUR)).gates[MEMBERS].waits
    assert wait.message == "stage does not say when it was written, so how long it has had it is not known"


def test_a_marker_from_before_it_had_a_time_soaks_by_the_last_change_and_says_so() -> None:
    assert soaked(WRITTEN + 24 * HOUR).actions
    (old,) = soaked(WRITTEN + 19 * HOUR).gates[MEMBERS].waits
    assert "its marker has no time, so only `updatedAt` counts" in old.message
    (new,) = soaked(WRITTEN + 19 * HOUR, at=WRITTEN).gates[MEMBERS].waits
    assert "updatedAt" not in new.message


def test_a_time_of_the_future_does_not_soak() -> None:
    made = soaked(WRITTEN - 99 * HOUR)
    (wait,) = made.gates[MEMBERS].waits
    assert (made.actions, wait.message.split(" (")[0]) == ((), "0s of 1d")


def test_what_the_upstream_target_gets_in_this_run_soaks_however_long_it_had_something_else() -> None:
    pending = UPSTREAMS["pending"]
    assert pending.plan is not None
    upstream = replace(pending, is_first=True, plan=replace(pending.plan, served_at=WRITTEN + 99 * HOUR))
    (wait,) = PRODS["update"](Gating((upstream,), soak=HOUR)).gates[MEMBERS].waits
    assert wait.message == "stage has it only after this run, and it soaks 1h"


def test_what_this_run_leaves_alone_upstream_has_soaked_there() -> None:
    upstream = stage(left_by(NEW), shared_flow(spec_id(1)), served_at=WRITTEN + HOUR)
    assert PRODS["update"](Gating((replace(upstream, is_first=True),), soak=HOUR)).actions


def test_a_retirement_soaks_as_well() -> None:
    gone = marked(NEW, marker=marker_for(NEW, retired=True, at=moment(WRITTEN)))
    for after, passes in ((23, False), (24, True)):
        upstream = stage(gone, shared_flow(), files=(), served_at=WRITTEN + after * HOUR)
        assert bool(PRODS["detach"](Gating((upstream,), soak=24 * HOUR)).actions) is passes


def test_what_was_never_upstream_goes_without_a_soak() -> None:
    assert PRODS["detach"](Gating((UPSTREAMS["never there, without a file"],), soak=24 * HOUR)).actions
