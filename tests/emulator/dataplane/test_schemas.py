from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.dataplane.platform import (
    CATALOG,
    FULL,
    LIST,
    ONE,
    PROFILE,
    REGISTRY,
    field_group,
    made,
    make_dataset,
    make_schema,
)
from tests.emulator.world import World

SCHEMAS = f"{REGISTRY}/tenant/schemas"
GROUPS = f"{REGISTRY}/tenant/fieldgroups"


def code_of(answer: Any) -> str:
    return str(answer.json()["type"]).rpartition("/")[2]


def test_the_tenant_is_in_the_statistics(world: World) -> None:
    make_schema(world)
    stats = world.client.get(f"{REGISTRY}/stats").json()
    assert (stats["tenantId"], stats["counts"]) == ("acme", {"schemas": 1, "fieldgroups": 1})


def test_the_tenant_of_an_organization_of_digits_begins_with_a_letter(world: World) -> None:
    headers = {"x-gw-ims-org-id": "1234567890@AdobeOrg"}
    assert world.client.get(f"{REGISTRY}/stats", headers=headers).json()["tenantId"] == "t1234567890"


def test_a_schema_has_ids_and_an_etag(world: World) -> None:
    schema = make_schema(world)
    assert schema["$id"].startswith("https://ns.adobe.com/acme/schemas/")
    assert schema["meta:altId"] == schema["$id"].replace("https://ns.adobe.com/acme/schemas/", "_acme.schemas.")
    assert (schema["version"], schema["meta:class"]) == ("1.0", PROFILE)
    assert schema["meta:registryMetadata"]["eTag"]


@pytest.mark.parametrize("reference", ["meta:altId", "$id"])
def test_a_schema_is_read_by_each_of_its_ids(world: World, reference: str) -> None:
    schema = make_schema(world)
    answer = world.client.get(f"{SCHEMAS}/{quote(schema[reference], safe='')}", headers=ONE)
    assert (answer.status_code, answer.json()["$id"]) == (200, schema["$id"])


@pytest.mark.parametrize("reference", ["meta:altId", "$id"])
def test_a_schema_is_deleted_by_each_of_its_ids(world: World, reference: str) -> None:
    schema = make_schema(world)
    path = f"{SCHEMAS}/{quote(schema[reference], safe='')}"
    assert world.client.delete(path).status_code == 204
    gone = world.client.get(path, headers=ONE)
    assert (gone.status_code, code_of(gone)) == (404, "XDM-1010-404")
    assert world.client.delete(path).status_code == 404


def test_a_full_schema_has_the_fields_of_its_field_group(world: World) -> None:
    schema = make_schema(world, properties={"id": {"type": "integer"}})
    full = world.client.get(f"{SCHEMAS}/{schema['meta:altId']}", headers=FULL).json()
    assert full["properties"] == {"_acme": {"type": "object", "properties": {"id": {"type": "integer"}}}}


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/vnd.adobe.xed+json; version=1"])
def test_a_list_needs_an_accept_without_a_version(world: World, accept: str) -> None:
    answer = world.client.get(SCHEMAS, headers={"Accept": accept})
    assert (answer.status_code, code_of(answer)) == (406, "XDM-1006-406")


@pytest.mark.parametrize("accept", ["application/json", "application/vnd.adobe.xed+json"])
def test_one_resource_needs_an_accept_with_a_version(world: World, accept: str) -> None:
    path = f"{SCHEMAS}/{make_schema(world)['meta:altId']}"
    assert world.client.get(path, headers={"Accept": accept}).status_code == 406


def test_a_bad_accept_can_be_a_bad_request(make_world: Callable[..., World]) -> None:
    answer = make_world(bad_accept=400).client.get(SCHEMAS)
    assert (answer.status_code, code_of(answer)) == (400, "XDM-1006-400")


def test_a_list_is_filtered_by_title_and_paged(world: World) -> None:
    for title in ("one", "two", "three"):
        make_schema(world, title)
    first = world.client.get(f"{SCHEMAS}?limit=2&orderby=title", headers=LIST).json()
    assert [one["title"] for one in first["results"]] == ["one", "three"]
    rest = world.client.get(f"{SCHEMAS}?limit=2&orderby=title&start={first['_page']['next']}", headers=LIST).json()
    assert [one["title"] for one in rest["results"]] == ["two"]
    assert (rest["_page"]["next"], rest["_links"]["next"]) == (None, None)
    assert "start=2" in first["_links"]["next"]["href"]
    found = world.client.get(SCHEMAS, params={"property": "title==two"}, headers=LIST).json()["results"]
    assert [sorted(one) for one in found] == [["$id", "meta:altId", "title", "version"]]
    assert [one["title"] for one in found] == ["two"]


def test_a_list_can_have_whole_resources(world: World) -> None:
    make_schema(world)
    (one,) = world.client.get(SCHEMAS, headers={"Accept": "application/vnd.adobe.xed+json"}).json()["results"]
    assert one["allOf"][0] == {"$ref": PROFILE}


def test_an_invalid_filter_is_a_bad_request(world: World) -> None:
    assert world.client.get(f"{SCHEMAS}?property=title", headers=LIST).status_code == 400
    assert world.client.get(f"{SCHEMAS}?limit=0", headers=LIST).status_code == 400


def test_titles_are_unique_across_schemas_and_field_groups(world: World) -> None:
    made(world.client.post(GROUPS, json=field_group("same")))
    answer = world.client.post(SCHEMAS, json={"title": "same", "type": "object", "allOf": [{"$ref": PROFILE}]})
    assert (answer.status_code, code_of(answer)) == (400, "XDM-1521-400")


def test_titles_can_be_allowed_to_repeat(make_world: Callable[..., World]) -> None:
    world = make_world(unique_titles=False)
    for _ in range(2):
        made(world.client.post(GROUPS, json=field_group("same")))


def test_own_fields_are_below_the_tenant(world: World) -> None:
    answer = world.client.post(GROUPS, json=field_group(tenant="another"))
    assert (answer.status_code, code_of(answer)) == (400, "XDM-1021-400")
    assert "_acme" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"type": "object", "allOf": [{"$ref": PROFILE}]},
        {"title": " ", "allOf": [{"$ref": PROFILE}]},
        {"title": "no class", "allOf": []},
        {"title": "unknown", "allOf": [{"$ref": PROFILE}, {"$ref": "https://ns.adobe.com/acme/mixins/0"}]},
        {"title": "no definition", "allOf": [{"$ref": PROFILE}, {"$ref": "#/definitions/none"}]},
    ],
)
def test_a_schema_that_cannot_be_used_is_refused(world: World, body: dict[str, Any]) -> None:
    answer = world.client.post(SCHEMAS, json=body)
    assert (answer.status_code, "XDM-" in code_of(answer)) == (400, True)


def test_what_is_in_use_cannot_be_deleted(world: World) -> None:
    schema = make_schema(world)
    make_dataset(world, schema["$id"])
    group = world.client.get(GROUPS, headers=LIST).json()["results"][0]
    refused = world.client.delete(f"{SCHEMAS}/{schema['meta:altId']}")
    assert (refused.status_code, "in use by dataset" in refused.json()["detail"]) == (400, True)
    refused = world.client.delete(f"{GROUPS}/{group['meta:altId']}")
    assert (refused.status_code, "in use by schema" in refused.json()["detail"]) == (400, True)


def test_what_is_in_use_can_be_allowed_to_go(make_world: Callable[..., World]) -> None:
    world = make_world(delete_in_use="accept")
    schema = make_schema(world)
    make_dataset(world, schema["$id"])
    assert world.client.delete(f"{SCHEMAS}/{schema['meta:altId']}").status_code == 204


def test_a_schema_in_a_union_cannot_be_deleted(world: World) -> None:
    body = {"title": "profile", "allOf": [{"$ref": PROFILE}], "meta:immutableTags": ["union"]}
    schema = made(world.client.post(SCHEMAS, json=body))
    assert world.client.delete(f"{SCHEMAS}/{schema['meta:altId']}").status_code == 400


def test_a_new_schema_is_missing_from_lists_for_a_while(make_world: Callable[..., World]) -> None:
    world = make_world(list_lag=5)
    schema = make_schema(world)
    assert world.client.get(SCHEMAS, headers=LIST).json()["results"] == []
    assert world.client.get(f"{SCHEMAS}/{schema['meta:altId']}", headers=ONE).status_code == 200
    world.clock.sleep(5)
    assert len(world.client.get(SCHEMAS, headers=LIST).json()["results"]) == 1


def test_the_registry_is_behind_the_gateway(world: World) -> None:
    answer = world.stranger.get(f"{REGISTRY}/stats")
    assert (answer.status_code, answer.json()["error_code"]) == (403, "403010")
    assert world.client.get(f"{REGISTRY}/stats", headers={"x-sandbox-name": "nowhere"}).status_code == 404


def test_a_deleted_schema_is_still_seen_for_a_while(make_world: Callable[..., World]) -> None:
    world = make_world(gone_lag=5)
    path = f"{SCHEMAS}/{make_schema(world)['meta:altId']}"
    assert world.client.delete(path).status_code == 204
    assert world.client.get(path, headers=ONE).status_code == 200
    assert len(world.client.get(SCHEMAS, headers=LIST).json()["results"]) == 1
    assert world.client.delete(path).status_code == 404
    world.clock.sleep(5)
    assert world.client.get(path, headers=ONE).status_code == 404
    assert world.client.get(SCHEMAS, headers=LIST).json()["results"] == []


def test_a_deleted_dataset_keeps_its_schema_for_a_while(make_world: Callable[..., World]) -> None:
    world = make_world(delete_lag=5)
    schema = make_schema(world)
    dataset = make_dataset(world, schema["$id"])
    assert world.client.delete(f"{CATALOG}/dataSets/{dataset}").status_code == 200
    path = f"{SCHEMAS}/{schema['meta:altId']}"
    assert world.client.delete(path).status_code == 400
    world.clock.sleep(5)
    assert world.client.delete(path).status_code == 204
