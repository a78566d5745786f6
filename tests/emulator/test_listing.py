from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.emulator.world import BASE, S3, SPEC, World


def test_a_spec_list_has_items_and_nothing_else(world: World) -> None:
    assert set(world.client.get("/connectionSpecs").json()) == {"items"}


def test_a_plain_spec_list_knows_no_limit_and_no_token(world: World) -> None:
    assert len(world.items("/connectionSpecs", limit=1, continuationToken="x", count="true")) == 5


def test_the_new_spec_is_the_last_of_the_list(world: World) -> None:
    world.create(name="newest")
    assert world.names("/connectionSpecs")[-1] == "newest"


def test_pages_are_followed_to_the_end_by_relative_links(make_world: Callable[..., World]) -> None:
    world = make_world(pages=2)
    names, href, pages = [], "/connectionSpecs", 0
    while href:
        page = world.client.get(BASE + href).json()
        names += [item["name"] for item in page["items"]]
        href = page["_links"].get("next", {}).get("href")
        pages += 1
    assert names == ["amazon-s3", "azure-file-storage", "Data Lake", "generic-rest", "generic-streaming"]
    assert pages == 3


def test_the_token_in_a_link_ends_in_equals_signs_as_they_are(make_world: Callable[..., World]) -> None:
    href = make_world(pages=2).client.get("/connectionSpecs").json()["_links"]["next"]["href"]
    assert href.startswith("/connectionSpecs?continuationToken=")
    assert href.endswith("==")


def test_links_can_be_absolute(make_world: Callable[..., World]) -> None:
    href = make_world(pages=2, absolute_links=True).client.get("/connectionSpecs").json()["_links"]["next"]["href"]
    assert href.startswith(f"{BASE}/connectionSpecs?continuationToken=")


def test_a_link_keeps_the_filters(make_world: Callable[..., World]) -> None:
    world = make_world(pages=1)
    first = world.client.get("/connectionSpecs", params={"property": 'name=="amazon-s3","Data Lake"'}).json()
    second = world.client.get(BASE + first["_links"]["next"]["href"]).json()
    assert [item["name"] for item in first["items"] + second["items"]] == ["amazon-s3", "Data Lake"]
    assert second["_links"] == {}


def test_a_full_last_page_has_no_link(make_world: Callable[..., World]) -> None:
    assert make_world(pages=5).client.get("/connectionSpecs").json()["_links"] == {}


def test_a_limit_makes_pages_smaller_and_never_larger(make_world: Callable[..., World]) -> None:
    world = make_world(pages=3)
    assert len(world.items("/connectionSpecs", limit=2)) == 2
    assert len(world.items("/connectionSpecs", limit=100)) == 3


@pytest.mark.parametrize("params", [{"limit": "0"}, {"limit": "few"}, {"continuationToken": "nonsense"}])
def test_a_page_that_cannot_be_found_answers_1451(make_world: Callable[..., World], params: dict[str, str]) -> None:
    answer = make_world(pages=2).client.get("/connectionSpecs", params=params)
    assert (answer.status_code, answer.json()["type"][-8:]) == (400, "1451-400")


def test_a_new_spec_lags_behind_in_lists_and_a_get_sees_it_at_once(make_world: Callable[..., World]) -> None:
    world = make_world(list_lag=3)
    spec_id = world.create()
    assert "mailchimp" not in world.names("/connectionSpecs")
    assert world.read(f"/connectionSpecs/{spec_id}")["name"] == "mailchimp"
    world.clock.now += 3
    assert "mailchimp" in world.names("/connectionSpecs")


def test_a_spec_under_an_access_label_is_in_no_list_and_404_by_id(make_world: Callable[..., World]) -> None:
    world = make_world(hidden=(S3,))
    assert "amazon-s3" not in world.names("/connectionSpecs")
    assert world.client.get(f"/connectionSpecs/{S3}").status_code == 404
    assert world.client.put(f"/connectionSpecs/{S3}", json=SPEC).status_code == 404


def test_a_spec_can_be_left_out_of_lists_and_still_be_found_by_id(make_world: Callable[..., World]) -> None:
    world = make_world(unlisted=(S3,))
    assert "amazon-s3" not in world.names("/connectionSpecs")
    assert world.read(f"/connectionSpecs/{S3}")["name"] == "amazon-s3"
