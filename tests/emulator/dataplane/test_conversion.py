from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.emulator.dataplane.mapping_sets import mapping_set_of
from reconciler.emulator.model import Place
from tests.emulator.dataplane.platform import CONVERSION, make_schema
from tests.emulator.world import World

SETS = f"{CONVERSION}/mappingSets"
PLACE = Place("ACME@AdobeOrg", "dev")


def mapping(source: str = "id", destination: str = "_acme.id", kind: str = "ATTRIBUTE") -> dict[str, Any]:
    return {"sourceType": kind, "source": source, "destination": destination}


def body_for(world: World, *mappings: dict[str, Any], name: str = "ours", title: str = "schema") -> dict[str, Any]:
    reference = {"id": make_schema(world, title)["$id"], "contentType": "application/vnd.adobe.xed-full+json;version=1"}
    return {"name": name, "outputSchema": {"schemaRef": reference}, "mappings": list(mappings) or [mapping()]}


def old_body(world: World) -> dict[str, Any]:
    mappings = [{"destinationXdmPath": "_acme.id", "sourceAttribute": "id", "identity": False, "version": 0}]
    return {"version": 0, "xdmSchema": make_schema(world, "old")["meta:altId"], "xdmVersion": "1.0", "mappings": mappings}


def kept(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_mapping_set_is_kept_and_read_again(world: World) -> None:
    body = body_for(world)
    made = kept(world.client.post(SETS, json=body))
    assert sorted(made) == ["createdBy", "createdDate", "id", "modifiedBy", "modifiedDate", "version"]
    assert (len(made["id"]), made["version"]) == (32, 0)
    read = kept(world.client.get(f"{SETS}/{made['id']}"))
    assert read == {**body, **made}


def test_a_mapping_set_cannot_be_deleted(world: World) -> None:
    made = kept(world.client.post(SETS, json=body_for(world)))
    assert world.client.delete(f"{SETS}/{made['id']}").status_code == 405
    assert world.client.get(f"{SETS}/none").status_code == 404


def test_a_mapping_set_is_replaced_in_its_version(world: World) -> None:
    body = body_for(world)
    made = kept(world.client.post(SETS, json=body))
    world.clock.sleep(1)
    replaced = kept(world.client.put(f"{SETS}/{made['id']}", json={**body, "mappings": [mapping("email", "_acme.email")]}))
    assert (replaced["version"], replaced["createdDate"]) == (0, made["createdDate"])
    assert replaced["modifiedDate"] > made["modifiedDate"]
    found = mapping_set_of(world.emulator.service, PLACE, made["id"], 0)
    assert found is not None
    assert found["mappings"] == [mapping("email", "_acme.email")]
    assert world.client.put(f"{SETS}/none", json=body).status_code == 404


def test_versions_can_be_counted(make_world: Callable[..., World]) -> None:
    world = make_world(mapping_versions="counted")
    body = body_for(world)
    made = kept(world.client.post(SETS, json=body))
    replaced = kept(world.client.put(f"{SETS}/{made['id']}", json={**body, "mappings": [mapping("email", "_acme.email")]}))
    assert (made["version"], replaced["version"]) == (0, 1)
    of_version = [mapping_set_of(world.emulator.service, PLACE, made["id"], version) for version in (0, "1", 2, None)]
    assert [one and one["mappings"][0]["source"] for one in of_version] == ["id", "email", None, None]


def test_a_set_that_is_not_there_is_none(world: World) -> None:
    assert mapping_set_of(world.emulator.service, PLACE, "none") is None


def test_sets_are_found_by_name_and_paged(world: World) -> None:
    body = body_for(world)
    ids = []
    for name in ("one", "two", "three"):
        world.clock.sleep(1)
        ids.append(kept(world.client.post(SETS, json={**body, "name": name}))["id"])
    assert [one["id"] for one in kept(world.client.get(f"{SETS}?name=two"))["data"]] == [ids[1]]
    first = kept(world.client.get(f"{SETS}?limit=2&start=0&orderBy=-createdDate"))
    assert [one["id"] for one in first["data"]] == [ids[2], ids[1]]
    assert first["_page"] == {"count": 2, "limit": 2}
    rest = kept(world.client.get("https://platform.adobe.io" + first["_links"]["next"]["href"]))
    assert ([one["id"] for one in rest["data"]], rest["_links"]) == ([ids[0]], {})
    assert world.client.get(f"{SETS}?orderBy=name").status_code == 400


def test_a_list_may_ignore_the_name(make_world: Callable[..., World]) -> None:
    world = make_world(mapping_name_filter=False)
    world.client.post(SETS, json=body_for(world))
    assert len(kept(world.client.get(f"{SETS}?name=nobody"))["data"]) == 1


@pytest.mark.parametrize(("allowed", "statuses"), [("both", (200, 200)), ("old", (200, 400)), ("new", (400, 200))])
def test_which_of_the_published_bodies_is_accepted_is_a_switch(
    make_world: Callable[..., World], allowed: str, statuses: tuple[int, int]
) -> None:
    world = make_world(mapping_body=allowed)
    answers = [world.client.post(SETS, json=body) for body in (old_body(world), body_for(world))]
    assert tuple(answer.status_code for answer in answers) == statuses


@pytest.mark.parametrize(
    "change",
    [
        {"mappings": None},
        {"mappings": ["id"]},
        {"mappings": [mapping("now()", kind="EXPRESSION")]},
        {"outputSchema": {}},
        {"outputSchema": {"schemaRef": {"id": "https://ns.adobe.com/acme/schemas/0"}}},
    ],
)
def test_a_set_that_cannot_work_is_refused(world: World, change: dict[str, Any]) -> None:
    assert world.client.post(SETS, json={**body_for(world), **change}).status_code == 400


def test_validation_answers_for_each_mapping_and_keeps_nothing(world: World) -> None:
    body = body_for(
        world,
        mapping(),
        mapping("now()", "_acme.email", "EXPRESSION"),
        mapping("id", "_acme.nothing"),
        mapping("id", "_id"),
        {"sourceAttribute": "id", "destinationXdmPath": "_acme.id[0]"},
    )
    answers = kept(world.client.post(f"{SETS}/validate", json=body))["validationResponse"]
    assert [one["status"] for one in answers] == ["SUCCESS", "FAILED", "FAILED", "SUCCESS", "FAILED"]
    assert answers[0]["errors"] is None
    assert answers[1]["errors"][0]["exception"] == "the function now is not interpreted here"
    assert answers[2]["errors"] == [
        {
            "source": "id",
            "destination": "_acme.nothing",
            "exception": "the destination _acme.nothing is not a field of the schema",
            "columnName": "_acme.nothing",
            "sourceType": "ATTRIBUTE",
        }
    ]
    assert kept(world.client.get(SETS))["data"] == []
    assert world.client.post(f"{SETS}/validate", json={"mappings": 1}).status_code == 400


def test_a_preview_maps_one_record_and_keeps_nothing(world: World) -> None:
    body = body_for(world, mapping(), mapping("email", "_acme.email"))
    answer = kept(world.client.post(f"{SETS}/preview", json={"data": {"id": "7", "email": 5}, "mappingSet": body}))
    assert answer == {"data": {"_acme": {"id": 7, "email": "5"}}, "errors": []}
    assert kept(world.client.get(SETS))["data"] == []


def test_a_preview_of_several_records_has_a_row_for_each(world: World) -> None:
    answer = kept(world.client.post(f"{SETS}/preview", json={"data": [{"id": 1}, {}], "mappingSet": body_for(world)}))
    assert answer == {"data": [{"_acme": {"id": 1}}, {}], "errors": []}


def test_a_preview_says_which_mapping_failed(world: World) -> None:
    body = body_for(world, mapping(), mapping('to_integer("x")', "_acme.email", "EXPRESSION"))
    errors = kept(world.client.post(f"{SETS}/preview", json={"data": {"id": "x"}, "mappingSet": body}))["errors"]
    assert [(one["destination"], one["exception"]) for one in errors] == [
        ("_acme.email", "'x' is not an integer"),
        ("_acme.id", "_acme.id must be an integer, not a string"),
    ]


@pytest.mark.parametrize(
    "body", [{"data": {}}, {"mappingSet": {}}, {"data": [1], "mappingSet": {}}, {"data": [{}] * 101, "mappingSet": {}}]
)
def test_a_preview_needs_records_and_a_set(world: World, body: dict[str, Any]) -> None:
    assert world.client.post(f"{SETS}/preview", json=body).status_code == 400


@pytest.mark.parametrize(
    ("expression", "valid"), [('concat("a", id)', True), ("concat(", False), ("now()", False), ({"expression": "trim(id)"}, True)]
)
def test_an_expression_is_validated_alone(world: World, expression: Any, valid: bool) -> None:
    answer = world.client.post(f"{CONVERSION}/languages/el/validate", json={"expression": expression})
    assert (answer.status_code, answer.json()) == (200, valid)


def test_an_expression_must_be_given(world: World) -> None:
    assert world.client.post(f"{CONVERSION}/languages/el/validate", json={}).status_code == 400


def test_the_functions_that_are_interpreted_are_listed(world: World) -> None:
    names = [one["function"] for one in world.client.get(f"{CONVERSION}/languages/el/functions").json()]
    assert {"concat", "iif", "coalesce"} <= set(names)
