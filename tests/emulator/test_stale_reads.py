"""Reads that show what was: by time, by count, from replicas, in lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.emulator.world import REST, SPEC, World


def notes(world: World, spec_id: str) -> Any:
    """The notes of a spec, as a GET by id shows them now."""
    return world.read(f"/connectionSpecs/{spec_id}").get("notes")


def status(world: World, spec_id: str) -> int:
    return world.client.get(f"/connectionSpecs/{spec_id}").status_code


def rewrite(world: World, spec_id: str, **body: Any) -> None:
    assert world.client.put(f"/connectionSpecs/{spec_id}", json={**SPEC, **body}).status_code == 200


def test_a_get_by_id_can_lag(make_world: Callable[..., World]) -> None:
    world = make_world(get_lag=10)
    spec_id = world.create(notes=1)
    assert status(world, spec_id) == 404
    world.clock.now += 10
    rewrite(world, spec_id, notes=2)
    assert notes(world, spec_id) == 1
    world.clock.now += 9
    rewrite(world, spec_id, notes=3)
    assert notes(world, spec_id) == 1
    world.clock.now += 1
    assert notes(world, spec_id) == 2
    world.clock.now += 9
    assert notes(world, spec_id) == 3


def test_any_number_of_gets_after_a_write_can_be_stale(make_world: Callable[..., World]) -> None:
    world = make_world(stale_gets=2)
    spec_id = world.create(notes=1)
    assert [status(world, spec_id) for _ in range(3)] == [404, 404, 200]
    rewrite(world, spec_id, notes=2)
    assert [notes(world, spec_id) for _ in range(3)] == [1, 1, 2]
    assert world.read(f"/flowSpecs/{REST}")["id"] == REST


def test_an_edit_of_somebody_else_is_stale_as_well(make_world: Callable[..., World]) -> None:
    world = make_world(stale_gets=1)
    spec_id = world.create(notes=1)
    assert status(world, spec_id) == 404
    world.stranger.put(f"https://x/_emulator/specs/{spec_id}", json={"patch": {"notes": 2}})
    assert [notes(world, spec_id) for _ in range(2)] == [1, 2]


def test_replicas_answer_gets_in_turn(make_world: Callable[..., World]) -> None:
    world = make_world(get_replicas=(0, 60))
    spec_id = world.create(notes=1)
    world.clock.now += 100
    rewrite(world, spec_id, notes=2)
    assert [notes(world, spec_id) for _ in range(4)] == [2, 1, 2, 1]


def test_a_list_can_show_bodies_from_before(make_world: Callable[..., World]) -> None:
    world = make_world(list_bodies_lag=10)
    spec_id = world.create(notes=1)
    world.clock.now += 1
    rewrite(world, spec_id, notes=2)
    assert world.items("/connectionSpecs")[-1]["notes"] == 1
    assert notes(world, spec_id) == 2
    world.clock.now += 10
    assert world.items("/connectionSpecs")[-1]["notes"] == 2


def test_a_list_with_a_filter_can_lag_otherwise(make_world: Callable[..., World]) -> None:
    world = make_world(list_lag=5, filtered_list_lag=60)
    world.create(name="new")
    world.clock.now += 5
    assert "new" in world.names("/connectionSpecs")
    assert world.names("/connectionSpecs", property="name==new") == []
    world.clock.now += 55
    assert world.names("/connectionSpecs", property="name==new") == ["new"]


def test_replicas_answer_lists_in_turn(make_world: Callable[..., World]) -> None:
    world = make_world(list_replicas=(0, 30))
    world.create(name="new")
    assert ["new" in world.names("/connectionSpecs") for _ in range(4)] == [True, False, True, False]


def test_counting_begins_anew_when_the_switches_are_set(make_world: Callable[..., World]) -> None:
    world = make_world(stale_gets=5)
    spec_id = world.create(notes=1)
    assert status(world, spec_id) == 404
    world.stranger.put("https://x/_emulator/behaviour", json={"static_token": "open-sesame", "stale_gets": 5})
    assert notes(world, spec_id) == 1
