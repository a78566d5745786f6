"""Answers that show less than there is, or more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.emulator.world import REST, SPEC, World

CREATED_AT = 1_700_000_000_250


def test_a_get_by_id_can_lack_sections_that_the_list_shows(make_world: Callable[..., World]) -> None:
    world = make_world(get_without=("permissionsInfo", "updatedAt"))
    spec_id = world.create(permissionsInfo={"view": []})
    assert {"permissionsInfo", "updatedAt"} <= set(world.items("/connectionSpecs")[-1])
    assert not {"permissionsInfo", "updatedAt"} & set(world.read(f"/connectionSpecs/{spec_id}"))


def test_a_list_and_the_answer_to_a_write_can_lack_sections(make_world: Callable[..., World]) -> None:
    world = make_world(list_without=("version",), write_without=("createdAt", "createdBy"))
    answer = world.client.post("/connectionSpecs", json=SPEC).json()
    assert not {"createdAt", "createdBy"} & set(answer)
    assert "version" not in world.items("/connectionSpecs")[-1]
    assert {"version", "createdAt"} <= set(world.read(f"/connectionSpecs/{answer['id']}"))


def test_a_get_by_id_can_be_a_summary(make_world: Callable[..., World]) -> None:
    world = make_world(get_summary=True)
    assert set(world.read(f"/flowSpecs/{REST}")) == {"id", "name", "providerId"}


def test_a_get_by_id_can_show_fewer_ids(make_world: Callable[..., World]) -> None:
    world = make_world(get_ids=1, partial_ids=("00000000-0000-4000-8000-000000000001",))
    first = world.create("/flowSpecs", sourceConnectionSpecIds=["a", "b"])
    other = world.create("/flowSpecs", sourceConnectionSpecIds=["a", "b"])
    assert world.read(f"/flowSpecs/{first}")["sourceConnectionSpecIds"] == ["a"]
    assert world.read(f"/flowSpecs/{other}")["sourceConnectionSpecIds"] == ["a", "b"]
    assert world.items("/flowSpecs", property=f"id=={first}")[0]["sourceConnectionSpecIds"] == ["a", "b"]


@pytest.mark.parametrize(
    ("form", "shown"),
    [("milliseconds", CREATED_AT), ("whole_seconds", 1_700_000_000_000), ("seconds", 1_700_000_000), ("missing", None)],
)
def test_times_can_be_coarse_or_missing(make_world: Callable[..., World], form: str, shown: int | None) -> None:
    world = make_world(updated_at=form, updated_at_in=("get",))
    world.clock.now += 0.25
    created = world.client.post("/connectionSpecs", json=SPEC).json()
    assert world.read(f"/connectionSpecs/{created['id']}").get("updatedAt") == shown
    assert created["updatedAt"] == CREATED_AT
    assert world.items("/connectionSpecs")[-1]["updatedAt"] == CREATED_AT


def test_the_clock_of_the_service_can_be_off(make_world: Callable[..., World]) -> None:
    world = make_world(clock_skew=-86_400)
    answer = world.client.post("/connectionSpecs", json=SPEC)
    assert answer.json()["createdAt"] == 1_700_000_000_000 - 86_400_000
    assert answer.headers["date"] == "Mon, 13 Nov 2023 22:13:20 GMT"


def test_ids_can_come_in_upper_case(make_world: Callable[..., World]) -> None:
    world = make_world(upper_case_ids=("get",))
    spec_id = world.create(name="x")
    assert world.read(f"/flowSpecs/{REST}")["id"] == REST.upper()
    assert world.read(f"/connectionSpecs/{spec_id.upper()}")["id"] == spec_id.upper()
    assert world.items("/connectionSpecs")[-1]["id"] == spec_id


def test_answers_can_have_fields_that_nobody_asked_for(make_world: Callable[..., World]) -> None:
    world = make_world(unsolicited={"_links": {"self": "x"}, "state": "draft"})
    spec_id = world.create()
    assert world.read(f"/connectionSpecs/{spec_id}")["state"] == "draft"
    assert world.items("/connectionSpecs")[-1]["_links"] == {"self": "x"}


def test_some_specs_can_be_without_etags(make_world: Callable[..., World]) -> None:
    world = make_world(etags=True, etags_except=("flowSpecs", "00000000-0000-4000-8000-000000000001"))
    without, tagged = world.client.post("/connectionSpecs", json=SPEC), world.client.post("/connectionSpecs", json=SPEC)
    assert ["etag" in answer.headers for answer in (without, tagged)] == [False, True]
    assert "etag" not in world.read(f"/flowSpecs/{REST}")
    headers = {"If-Match": '"another"'}
    assert world.client.put(f"/connectionSpecs/{without.json()['id']}", json=SPEC, headers=headers).status_code == 200
    assert world.client.put(f"/connectionSpecs/{tagged.json()['id']}", json=SPEC, headers=headers).status_code == 412


def test_every_call_can_take_its_time(make_world: Callable[..., World]) -> None:
    world = make_world(seconds_per_call=3.2)
    world.read(f"/flowSpecs/{REST}")
    assert world.clock.slept == [3.2]
