"""What journals know of creates, while the lists do not show them yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.emulator import Behaviour, Fault
from reconciler.errors import Refused
from reconciler.observing.remembered import remembered_creates, wait_for_unknown_creates
from tests.applying.world import World
from tests.journal.events import apply
from tests.observing.test_unfinished import killed
from tests.planning.situations import connection

FLOW = "RestStorageToAEP"
FIRST = "/connectionSpecs/00000000-0000-4000-8000-000000000001"


def world_with(tmp_path: Path, **switches: object) -> World:
    return World(tmp_path, [connection("a", flow_specs=[FLOW])], Behaviour(**switches))  # type: ignore[arg-type]


def codes(world: World) -> set[str]:
    return {problem.code for problem in world.plan().errors}


def test_an_id_that_the_journal_has_is_fetched_while_the_list_does_not_show_it(tmp_path: Path) -> None:
    world = world_with(tmp_path, list_lag=300)
    killed(world, "GET", FIRST, before=True)  # after the 201, at the read-back
    assert [action.action for action in world.plan().actions] == ["attach"]
    assert len(world.ours()["a"]) == 1


def test_an_id_that_the_journal_has_and_nothing_shows_is_not_created_again(tmp_path: Path) -> None:
    world = world_with(tmp_path, list_lag=300, get_lag=300)
    killed(world, "GET", FIRST, before=True)
    assert codes(world) == {"create-not-shown"}
    assert world.plan(allow_create=("a",)).errors == ()


def lost(world: World) -> None:
    """A run whose POST was done and never answered, and whose lists did not show it in time."""
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, break_off="after")])
    report = apply(world)
    assert [result.outcome for result in report.results if result.key == "a"] == ["unknown"]
    world.forget_requests()


def test_a_create_that_got_no_answer_is_waited_for_and_found(tmp_path: Path) -> None:
    world = world_with(tmp_path, list_lag=40)
    lost(world)
    assert wait_for_unknown_creates(world.workspace, world.plan(), world.clock, world.progress)
    assert [action.action for action in world.plan().actions] == ["attach"]
    assert len(world.ours()["a"]) == 1


def test_an_apply_that_does_not_wait_for_it_is_refused_with_the_time_from_which_it_is_safe(tmp_path: Path) -> None:
    world = world_with(tmp_path, list_lag=120)
    lost(world)
    with pytest.raises(Refused, match="is unknown until") as caught:
        apply(world)
    assert "run apply after" in (caught.value.hint or "")
    assert world.writes() == []


def test_a_plan_says_of_it_that_apply_waits(tmp_path: Path) -> None:
    world = world_with(tmp_path, list_lag=120)
    lost(world)
    (problem,) = (problem for problem in world.plan().problems if problem.code == "create-unknown")
    assert (problem.severity, problem.hint) == ("warning", "apply waits until then before it creates anything")


def test_what_is_older_than_a_day_is_forgotten(tmp_path: Path) -> None:
    world = world_with(tmp_path, list_lag=40)
    lost(world)
    assert len(remembered_creates(world.workspace, world.clock.now())) == 1
    assert remembered_creates(world.workspace, world.clock.now() + 100_000) == ()


def test_running_again_when_the_service_shows_it_leads_out(tmp_path: Path) -> None:
    world = world_with(tmp_path, list_lag=300, get_lag=300)
    killed(world, "GET", FIRST, before=True)
    assert "run the command again in a minute" in str(world.plan().errors[0].hint)
    world.emulator.service.behave(Behaviour())
    assert apply(world).converged
    assert len(world.ours()["a"]) == 1


def test_running_apply_after_the_time_that_the_refusal_names_leads_out(tmp_path: Path) -> None:
    world = world_with(tmp_path, list_lag=60)
    lost(world)
    with pytest.raises(Refused, match="2023-11-14T22:14:"):
        apply(world)
    assert wait_for_unknown_creates(world.workspace, world.plan(), world.clock, world.progress)
    assert apply(world).converged
    assert len(world.ours()["a"]) == 1
