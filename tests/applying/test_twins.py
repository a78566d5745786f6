"""Two runs that make the same: the look before each POST, and the one after the last."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from reconciler.applying.outcome import ApplyReport, OutcomeName
from reconciler.desired.specs import DesiredSpec
from reconciler.emulator import Behaviour, Fault
from reconciler.planning.comparing.ownership import MARKER_FIELD
from tests.applying.world import World, errors, outcomes
from tests.planning.situations import connection, marker_for

FLOW = "RestStorageToAEP"


def source(key: str = "a", **body: object) -> DesiredSpec:
    return connection(key, flow_specs=[FLOW], **body)


def rivals_spec(world: World, key: str = "a", **changes: object) -> str:
    """What another run of this repository makes of the same file."""
    marker = marker_for(source(key)).to_json()
    return world.post({**source(key).body, "attributes": {MARKER_FIELD: marker}, **changes})


def at_post(world: World, do: Callable[[], object], *, before: bool) -> None:
    """Something happens around our first POST of a connection spec."""
    done: list[bool] = []

    def hook(request: httpx.Request, *_: object) -> None:
        if request.method == "POST" and request.url.path.endswith("/connectionSpecs") and not done:
            done.append(True)
            do()

    if before:
        world.tap.before = hook
    else:
        world.tap.after = hook


def message(report: ApplyReport, key: str = "a") -> str:
    (result,) = (result for result in report.results if result.key == key)
    assert result.error is not None
    return f"{result.error.message} {result.error.hint}"


@pytest.mark.parametrize("lag", [0, 5, 9])
def test_a_twin_that_was_made_first_is_named_and_ours_is_not_attached(tmp_path: Path, lag: float) -> None:
    world = World(tmp_path, [source()], Behaviour(list_lag=lag))
    theirs: list[str] = []
    at_post(world, lambda: theirs.append(rivals_spec(world)), before=True)
    report = world.apply()
    (ours,) = (spec_id for spec_id in world.ours()["a"] if spec_id not in theirs)
    assert (report.exit_code, outcomes(report)["a"], errors(report)["a"]) == (4, OutcomeName.NOT_CONVERGED, "twins")
    assert ours in message(report)
    assert theirs[0] in message(report)
    assert ours not in world.held()


def test_a_twin_that_was_made_later_is_named_and_ours_is_attached(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.clock.at(11, lambda: rivals_spec(world))  # a moment after our POST
    report = world.apply()
    assert (report.exit_code, errors(report)) == (4, {"a": "twins"})
    ours, theirs = world.ours()["a"]
    assert ours in world.held()
    assert theirs not in world.held()


def test_a_twin_of_another_repository_is_named_too(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    at_post(world, lambda: world.post({**source().body, "name": " A "}), before=False)
    assert errors(world.apply())["a"] == "twins"


def test_of_several_creates_only_the_first_is_made_where_another_run_makes_them_too(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a"), source("b"), source("c")])
    at_post(world, lambda: rivals_spec(world), before=False)
    report = world.apply()
    assert [path for method, path in world.writes() if method == "POST"] == ["/connectionSpecs"]
    assert [outcomes(report)[key] for key in "abc"] == [OutcomeName.NOT_CONVERGED, OutcomeName.SKIPPED, OutcomeName.SKIPPED]


def test_a_namesake_that_appears_between_two_creates_keeps_the_second_from_being_made(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a"), source("b")])
    at_post(world, lambda: rivals_spec(world, "b"), before=False)
    report = world.apply()
    assert (errors(report)["b"], outcomes(report)["a"]) == ("namesake", OutcomeName.CREATED)
    assert len(world.ours()["b"]) == 1


def test_a_create_that_the_list_never_shows_is_said_to_be_unchecked(tmp_path: Path) -> None:
    world = World(tmp_path, [source()], Behaviour(list_lag=600))
    report = world.apply()
    assert (report.exit_code, errors(report)) == (4, {"a": "twins-unchecked"})
    assert world.ours()["a"][0] in world.held()


@pytest.mark.parametrize("lag", [0, 8])
@pytest.mark.parametrize(("status", "code"), [(401, "401013"), (403, "403010"), (429, "429050")])
def test_a_post_that_was_done_and_turned_away_is_found_and_not_sent_again(
    tmp_path: Path, status: int, code: str, lag: float
) -> None:
    world = World(tmp_path, [source()], Behaviour(list_lag=lag))
    world.emulator.service.faults.set(
        [Fault(path="/connectionSpecs", method="POST", times=1, status=status, code=code, committed=True)]
    )
    assert world.apply().converged
    assert [path for method, path in world.writes() if method == "POST"] == ["/connectionSpecs"]


@pytest.mark.parametrize(("status", "code"), [(401, "401013"), (429, "429050")])
def test_a_post_that_was_turned_away_and_not_done_is_sent_again(tmp_path: Path, status: int, code: str) -> None:
    world = World(tmp_path, [source()])
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, status=status, code=code)])
    assert world.apply().converged
    assert len(world.ours()["a"]) == 1


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_create_costs_one_reading_more_than_its_post_and_its_read_back(tmp_path: Path, count: int) -> None:
    world = World(tmp_path, [connection(f"source-{number}") for number in range(count)])
    made = world.plan()
    world.forget_requests()
    assert world.apply(made).converged
    gets = [item for item in world.emulator.store.requests() if item.method == "GET"]
    assert len(gets) <= 2 + count + count  # both lists once more, each read-back, and one look each


def test_pinning_the_older_twin_as_the_hint_says_leads_out(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    at_post(world, lambda: rivals_spec(world), before=True)
    report = world.apply()
    pinned = re.search(r"`ids: {<target>: ([0-9a-f-]+)}`", message(report))
    assert pinned is not None
    world.files = [replace(world.files[0], pinned_id=pinned[1])]
    world.clock.sleep(60)
    assert world.apply().converged
    assert world.held()[-1] == pinned[1]
    assert world.plan().actions == ()


def test_what_was_unchecked_is_in_order_in_the_next_plan_when_the_list_has_caught_up(tmp_path: Path) -> None:
    world = World(tmp_path, [source()], Behaviour(list_lag=600))
    assert "run plan again" in message(world.apply())
    world.emulator.service.behave(Behaviour())
    assert world.plan().actions == ()
