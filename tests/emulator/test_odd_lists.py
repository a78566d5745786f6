"""Lists that shift while they are read, elements that nobody expects, and hidden ids that answer otherwise than with 404."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.emulator.switches.habits import BadElement
from tests.emulator.world import REST, SPEC, World

ELEMENTS = BadElement.__args__  # type: ignore[attr-defined]


def pages(world: World, path: str = "/connectionSpecs") -> list[dict[str, Any]]:
    """Every page of a list, in order."""
    read = [world.client.get(path).json()]
    while link := read[-1]["_links"].get("next"):
        read.append(world.client.get(link["href"]).json())
    return read


def ids(read: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for page in read for item in page["items"]]


@pytest.mark.parametrize("counted", [False, True])
def test_a_list_can_shift_between_its_pages(make_world: Callable[..., World], *, counted: bool) -> None:
    world = make_world(pages=2, page_by_offset=True, shifting_pages=1, list_count=counted)
    last = [world.create(name=f"n{number}") for number in range(4)][-1]
    shifted, steady = pages(world), pages(world)
    assert len(ids(shifted)) == len(ids(steady))
    assert len(set(ids(shifted))) == len(ids(shifted)) - 1
    assert last not in ids(shifted)
    assert last in ids(steady)
    assert [page.get("count") for page in shifted] == [len(ids(steady)) if counted else None] * len(shifted)


def test_what_was_written_last_can_come_first(make_world: Callable[..., World]) -> None:
    world = make_world(latest_first=True, pages=1)
    first, second = world.create(name="first"), world.create(name="second")
    world.clock.now += 1
    world.client.put(f"/connectionSpecs/{first}", json=SPEC)
    assert ids(pages(world))[:2] == [first, second]


def test_a_write_between_two_pages_shows_one_spec_twice_where_the_latest_comes_first(make_world: Callable[..., World]) -> None:
    world = make_world(latest_first=True, pages=2)
    made = []
    for number in range(4):
        world.clock.now += 1
        made.append(world.create(name=f"n{number}"))
    page = world.client.get("/connectionSpecs").json()
    assert ids([page]) == [made[3], made[2]]
    world.clock.now += 1
    world.client.put(f"/connectionSpecs/{made[0]}", json=SPEC)
    assert ids([world.client.get(page["_links"]["next"]["href"]).json()]) == [made[2], made[1]]


@pytest.mark.parametrize("element", ELEMENTS)
def test_one_element_of_a_list_can_be_bad(make_world: Callable[..., World], element: str) -> None:
    plain, odd = make_world(), make_world(bad_elements=(element,))
    good = plain.client.get("/connectionSpecs").content.removesuffix(b"]}")
    answer = odd.client.get("/connectionSpecs").content
    assert answer.startswith(good)
    assert len(answer) > len(good) + 2
    assert odd.items("/connectionSpecs", property="providerId==odd") == []


def test_a_bad_element_with_an_id_is_answered_by_it(make_world: Callable[..., World]) -> None:
    world = make_world(bad_elements=("lone_surrogate",))
    path = "/connectionSpecs/0dd00000-0000-4000-8000-000000000001"
    assert rb"\ud83d" in world.client.get(path).content
    assert make_world().client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("said", "status", "body"),
    [
        ("400", 400, {"title": "BadRequestError"}),
        ("401 401013", 401, {"error_code": "401013"}),
        ("403 403025", 403, {"error_code": "403025"}),
        ("403 2118-403", 403, {"title": "Forbidden"}),
        ("404 9999-404", 404, {"type": "https://ns.adobe.com/aep/errors/FLOW-9999-404"}),
        ("410", 410, {"error_code": "410000"}),
        ("500 1102-500", 500, {"title": "Internal Error"}),
        ("200 {}", 200, {}),
        ('200 {"items":[]}', 200, {"items": []}),
    ],
)
def test_a_hidden_id_can_answer_anything(make_world: Callable[..., World], said: str, status: int, body: dict[str, Any]) -> None:
    world = make_world(hidden=(REST,), hidden_as={"*": said})
    for answer in (world.client.get(f"/flowSpecs/{REST}"), world.client.put(f"/flowSpecs/{REST}", json=SPEC)):
        assert answer.status_code == status
        assert body.items() <= answer.json().items()


def test_a_hidden_id_can_lead_elsewhere(make_world: Callable[..., World]) -> None:
    world = make_world(hidden=(REST,), hidden_as={REST: "302 https://login.example.com/"})
    answer = world.client.get(f"/flowSpecs/{REST}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "https://login.example.com/")


def test_somebody_else_can_make_a_spec(world: World) -> None:
    wish = {"spec": {**SPEC, "name": "theirs"}, "org": "ACME@AdobeOrg", "sandbox": "dev", "updatedBy": "jane"}
    assert world.stranger.post("https://x/_emulator/specs", json=wish).json()["createdBy"] == "jane"
    assert "theirs" in world.names("/connectionSpecs")


def test_somebody_else_can_copy_a_spec_with_its_marker(world: World) -> None:
    spec_id = world.create(attributes={"reconciler": {"key": "k"}})
    wish = {"copy_of": spec_id, "patch": {"name": "copy"}}
    copy = world.stranger.post("https://x/_emulator/specs", json=wish).json()
    assert copy["id"] != spec_id
    assert (copy["name"], copy["attributes"]) == ("copy", {"reconciler": {"key": "k"}})


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"spec": SPEC},
        {"spec": SPEC, "copy_of": REST},
        {"copy_of": "nowhere"},
        {"spec": SPEC, "kind": "flows", "org": "o", "sandbox": "dev"},
        {"spec": SPEC, "quux": 1},
    ],
)
def test_a_spec_that_somebody_else_cannot_make_is_declined(world: World, wish: dict[str, Any]) -> None:
    assert world.stranger.post("https://x/_emulator/specs", json=wish).status_code == 400
