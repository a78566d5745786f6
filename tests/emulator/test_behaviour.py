from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from reconciler.emulator import Behaviour, behaviour_from
from reconciler.errors import SettingsError
from tests.emulator.world import REST, SPEC, World

STREAMING_PROVIDER = "521eee4d-8cbe-4906-bb48-fb6bd4450033"
FIELDS = ["transformationSpecs", "transformationSpec", "transformationSpecDTOS"]


def after_a_write(world: World, path: str = "/connectionSpecs", **body: Any) -> dict[str, Any]:
    """What a GET shows of a spec that was created and then replaced with the same body."""
    spec_id = world.create(path, **body)
    assert world.client.put(f"{path}/{spec_id}", json={**SPEC, **body}).status_code == 200
    return world.read(f"{path}/{spec_id}")


def test_the_plain_service_keeps_everything_that_it_is_sent(world: World) -> None:
    sent: dict[str, Any] = {
        "description": "d",
        "authSpec": [],
        "sourceSpec": {"attributes": {"contentPath": {"path": "$.a", "skipAttributes": ["b"]}}},
        "attributes": {"reconciler": {"key": "k"}},
        "transformationSpecDTOS": [],
    }
    assert sent.items() <= after_a_write(world, **sent).items()


def test_a_description_can_be_lost(make_world: Callable[..., World]) -> None:
    live = after_a_write(make_world(drop_description=True), description="d", attributes={"description": "stays"})
    assert "description" not in live
    assert live["attributes"] == {"description": "stays"}


def test_auth_required_can_be_added_where_it_is_missing(make_world: Callable[..., World]) -> None:
    world = make_world(default_auth_required=True)
    assert after_a_write(world, sourceSpec={})["sourceSpec"] == {"attributes": {"authRequired": False}}
    kept = {"attributes": {"authRequired": True}}
    assert after_a_write(world, sourceSpec=kept)["sourceSpec"] == kept
    assert after_a_write(world, sourceSpec={"attributes": 1})["sourceSpec"] == {"attributes": 1}
    assert "sourceSpec" not in after_a_write(world)
    assert after_a_write(world, "/flowSpecs", sourceSpec={})["sourceSpec"] == {}


def test_permissions_can_be_added_where_they_are_missing(make_world: Callable[..., World]) -> None:
    world = make_world(default_permissions=True)
    added = after_a_write(world)["permissionsInfo"]
    assert added["view"] == [{"@type": "lowLevel", "name": "EnterpriseSource", "permissions": ["read"]}]
    assert after_a_write(world, providerId=STREAMING_PROVIDER)["permissionsInfo"]["manage"][0]["name"] == "StreamingSource"
    assert after_a_write(world, permissionsInfo={})["permissionsInfo"] == {}


def test_auth_specs_can_come_back_in_reverse(make_world: Callable[..., World]) -> None:
    world = make_world(reorder_auth=True)
    assert after_a_write(world, authSpec=[{"name": "a"}, {"name": "b"}])["authSpec"] == [{"name": "b"}, {"name": "a"}]
    assert "authSpec" not in after_a_write(world)


def test_a_content_path_can_become_its_path_and_lose_the_rest(make_world: Callable[..., World]) -> None:
    world = make_world(content_path_string=True)
    sent = {"attributes": {"contentPath": {"path": "$.members", "skipAttributes": ["_links"]}, "urlParams": {}}}
    expected = {"attributes": {"contentPath": "$.members", "urlParams": {}}}
    assert after_a_write(world, sourceSpec=sent)["sourceSpec"] == expected
    assert after_a_write(world, sourceSpec=expected)["sourceSpec"] == expected
    assert after_a_write(world, sourceSpec={})["sourceSpec"] == {}
    assert "sourceSpec" not in after_a_write(world)


def test_an_empty_auth_spec_can_be_lost(make_world: Callable[..., World]) -> None:
    world = make_world(drop_empty_auth=True)
    assert "authSpec" not in after_a_write(world, authSpec=[])
    assert after_a_write(world, authSpec=[{"name": "a"}])["authSpec"] == [{"name": "a"}]


def test_unknown_attributes_can_be_lost(make_world: Callable[..., World]) -> None:
    world = make_world(drop_unknown_attributes=True)
    live = after_a_write(world, attributes={"category": "CRM", "reconciler": {"key": "k"}})
    assert live["attributes"] == {"category": "CRM"}
    assert "attributes" not in after_a_write(world)


@pytest.mark.parametrize("accepted", FIELDS)
@pytest.mark.parametrize("sent", FIELDS)
def test_transformations_can_be_accepted_under_one_name_only(make_world: Callable[..., World], accepted: str, sent: str) -> None:
    world = make_world(transformation_field=accepted)
    live = after_a_write(world, "/flowSpecs", **{sent: [{"name": "Mapping"}]})
    assert {field: live[field] for field in FIELDS if field in live} == (
        {accepted: [{"name": "Mapping"}]} if sent == accepted else {}
    )


@pytest.mark.parametrize("answered", FIELDS)
def test_stock_transformations_are_answered_under_the_accepted_name(make_world: Callable[..., World], answered: str) -> None:
    world = make_world(transformation_field=answered)
    assert [field for field in FIELDS if field in world.read(f"/flowSpecs/{REST}")] == [answered]
    assert [field for field in FIELDS if field in world.items("/flowSpecs")[0]] == [answered]


@pytest.mark.parametrize("sent", FIELDS)
def test_transformations_can_be_accepted_under_any_name_and_answered_under_one(
    make_world: Callable[..., World], sent: str
) -> None:
    world = make_world(rename_transformations="transformationSpecs")
    live = after_a_write(world, "/flowSpecs", **{sent: [{"name": "Mapping"}]})
    assert [field for field in FIELDS if field in live] == ["transformationSpecs"]


def test_connection_specs_have_no_transformations_to_rename(make_world: Callable[..., World]) -> None:
    world = make_world(transformation_field="transformationSpecs", rename_transformations="transformationSpec")
    assert after_a_write(world, transformationSpecDTOS=[])["transformationSpecDTOS"] == []


def test_updated_at_can_stay_as_it_was(make_world: Callable[..., World]) -> None:
    world = make_world(updated_at_not_bumped=True)
    spec_id = world.create()
    world.clock.now += 10
    answer = world.client.put(f"/connectionSpecs/{spec_id}", json=SPEC, headers={"x-api-key": "other"}).json()
    assert (answer["updatedAt"], answer["updatedClient"]) == (1_700_000_000_000, "other")


@pytest.mark.parametrize(("wrapping", "wrapped"), [("items", True), ("bare", False)])
def test_each_answer_can_be_wrapped_or_bare(make_world: Callable[..., World], wrapping: str, *, wrapped: bool) -> None:
    world = make_world(wrap_get=wrapping, wrap_post=wrapping, wrap_put=wrapping)
    created = world.client.post("/flowSpecs", json=SPEC).json()
    path = f"/flowSpecs/{created['items'][0]['id'] if wrapped else created['id']}"
    answers = [created, world.client.put(path, json=SPEC).json(), world.client.get(path).json()]
    assert ["items" in answer for answer in answers] == [wrapped] * 3


def test_specs_can_have_etags_in_body_and_header_and_lists(make_world: Callable[..., World]) -> None:
    world = make_world(etags=True)
    answer = world.client.post("/connectionSpecs", json=SPEC)
    etag = answer.headers["etag"]
    assert etag.startswith('"')
    assert answer.json()["etag"] == etag
    assert world.items("/connectionSpecs")[-1]["etag"] == etag


def test_an_if_match_is_checked_where_specs_have_etags(make_world: Callable[..., World]) -> None:
    world = make_world(etags=True)
    created = world.client.post("/connectionSpecs", json=SPEC)
    path, first = f"/connectionSpecs/{created.json()['id']}", created.headers["etag"]
    second = world.client.put(path, json=SPEC, headers={"If-Match": first}).headers["etag"]
    late = world.client.put(path, json={**SPEC, "name": "late"}, headers={"If-Match": first})
    assert second != first
    assert late.status_code == 412
    escaped = [etag.replace('"', '\\"') for etag in (first, second)]
    sentence = f"Supplied version=[{escaped[0]}] does not match the current version on entity=[{escaped[1]}]"
    assert late.json() == {"errorMessage": sentence}
    assert world.read(path)["name"] == "mailchimp"


@pytest.mark.parametrize("headers", [{}, {"If-Match": "*"}])
def test_a_put_that_names_no_version_is_taken(make_world: Callable[..., World], headers: dict[str, str]) -> None:
    world = make_world(etags=True)
    assert world.client.put(f"/flowSpecs/{REST}", json=SPEC, headers=headers).status_code == 200


def test_an_etag_that_is_sent_is_not_kept(make_world: Callable[..., World]) -> None:
    world = make_world(etags=True)
    spec_id = world.create(etag="old")
    assert world.client.get(f"/connectionSpecs/{spec_id}").content.count(b'"etag"') == 1


def test_switches_are_read_from_a_mapping_and_written_to_one() -> None:
    read = behaviour_from({"pages": 2, "clients": {"a": "b"}, "sandboxes": ["x"], "list_lag": 1, "wrap_put": "items"})
    assert read == Behaviour(pages=2, clients={"a": "b"}, sandboxes=("x",), list_lag=1, wrap_put="items")
    assert behaviour_from(asdict(read)) == read


def test_every_switch_that_does_not_fit_is_named_with_its_place() -> None:
    with pytest.raises(SettingsError) as caught:
        behaviour_from({"page": 2, "etags": "yes", "pages": -1, "clients": {"a": 1}, "quux": 1})
    said = [(problem.message, problem.hint) for problem in caught.value.problems]
    assert said[:4] == [
        ("behaviour.page is not a valid key", "did you mean 'pages'?"),
        ("behaviour.etags does not fit: Expected `bool`, got `str`", None),
        ("behaviour.pages does not fit: Expected `int` >= 0", None),
        ("behaviour.clients[...] does not fit: Expected `str`, got `int`", None),
    ]
    assert str(said[4][1]).startswith("use one of: ")
    assert "clients, " in str(said[4][1])


def test_secrets_are_not_in_the_representation() -> None:
    assert "hush" not in repr(Behaviour(clients={"robot": "hush"}, static_token="hush"))
