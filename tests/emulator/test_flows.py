from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.world import LAKE, REST, S3, World

NOBODY = "3f4ae131-b384-4e73-8000-000000000000"


def spec(spec_id: str) -> dict[str, Any]:
    return {"connectionSpec": {"id": spec_id, "version": "1.0"}}


def base_and_source(world: World) -> tuple[str, str]:
    auth = {"specName": "Access Key", "params": {}}
    base = world.create("/connections", name="base", auth=auth, **spec(S3))
    return base, world.create("/sourceConnections", name="source", baseConnectionId=base)


def flow(world: World, source: str, **changes: Any) -> dict[str, Any]:
    target = world.create("/targetConnections", name="target", **spec(LAKE))
    connections = {"sourceConnectionIds": [source], "targetConnectionIds": [target]}
    return {"name": "a flow", "flowSpec": {"id": REST, "version": "1.0"}, **connections, **changes}


def test_a_flow_shows_the_specs_of_its_connections(world: World) -> None:
    base, source = base_and_source(world)
    flow_id = world.create("/flows", **flow(world, source))
    inherited = world.read(f"/flows/{flow_id}")["inheritedAttributes"]
    assert inherited["sourceConnections"] == [{"id": source, **spec(S3), "baseConnection": {"id": base, **spec(S3)}}]
    assert inherited["targetConnections"][0]["connectionSpec"]["id"] == LAKE


def test_the_flows_that_use_a_spec_are_found_and_counted(world: World) -> None:
    _, source = base_and_source(world)
    world.create("/flows", **flow(world, source))
    using = "inheritedAttributes.sourceConnections[].connectionSpec.id=="
    assert world.names("/flows", property=using + S3) == ["a flow"]
    assert world.client.get("/flows", params={"property": using + S3, "count": "true"}).json() == {"count": 1}
    assert world.client.get("/flows", params={"property": using + LAKE, "count": "true"}).json() == {"count": 0}
    assert world.names("/sourceConnections", property=f"connectionSpec.id=={S3}") == ["source"]


def test_a_list_of_flows_has_links_and_a_count(world: World) -> None:
    assert world.client.get("/flows").json() == {"items": [], "_links": {}, "count": 0}


def test_a_limit_pages_the_list(world: World) -> None:
    for name in ("one", "two", "three"):
        world.create("/targetConnections", name=name, **spec(LAKE))
    page = world.client.get("/targetConnections?limit=2").json()
    assert ([item["name"] for item in page["items"]], page["count"]) == (["one", "two"], 2)
    rest = world.client.get(page["_links"]["next"]["href"]).json()
    assert ([item["name"] for item in rest["items"]], rest["_links"]) == (["three"], {})


def test_a_limit_and_a_count_together_answer_1401(world: World) -> None:
    answer = world.client.get("/flows?limit=1&count=true")
    assert (answer.status_code, answer.json()["type"][-8:]) == (400, "1401-400")


def test_a_post_is_answered_with_id_and_etag_alone(world: World) -> None:
    answer = world.client.post("/targetConnections", json={"name": "target", **spec(LAKE)})
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "etag"}
    live = world.read(f"/targetConnections/{answer.json()['id']}")
    assert live["etag"] == live["version"] == answer.json()["etag"]
    assert live["createdBy"] == "static-token@AdobeID"


def test_a_streaming_source_has_no_base_connection(world: World) -> None:
    source = world.create("/sourceConnections", name="stream", **spec(S3))
    flow_id = world.create("/flows", **flow(world, source))
    assert world.read(f"/flows/{flow_id}")["inheritedAttributes"]["sourceConnections"] == [{"id": source, **spec(S3)}]


def test_a_source_may_name_its_spec_beside_its_base(world: World) -> None:
    base, _ = base_and_source(world)
    source = world.create("/sourceConnections", name="other", baseConnectionId=base, **spec(LAKE))
    assert world.read(f"/sourceConnections/{source}")["connectionSpec"]["id"] == LAKE


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/connections", spec(NOBODY), 404, "1439-404"),
        ("/connections", {**spec(S3), "auth": {"specName": "OAuth"}}, 400, "1415-400"),
        ("/connections", {}, 400, "BadRequestError"),
        ("/connections", {"connectionSpec": {}}, 400, "BadRequestError"),
        ("/sourceConnections", {"baseConnectionId": NOBODY}, 404, "1439-404"),
        ("/flows", {"flowSpec": {"id": REST}}, 400, "BadRequestError"),
        ("/flows", {"flowSpec": {"id": NOBODY}}, 404, "1439-404"),
        ("/flows", {"flowSpec": {"id": REST}, "state": "enabled"}, 400, "1410-400"),
    ],
)
def test_what_does_not_fit_together_is_declined(world: World, path: str, body: dict[str, Any], status: int, code: str) -> None:
    answer = world.client.post(path, json=body)
    assert answer.status_code == status
    assert answer.json()["type"].endswith(code) or answer.json()["title"] == code


def test_a_flow_can_be_deleted_and_then_its_base_connection(world: World) -> None:
    base, source = base_and_source(world)
    flow_id = world.create("/flows", **flow(world, source))
    in_use = world.client.delete(f"/connections/{base}")
    assert (in_use.status_code, in_use.json()["type"][-8:]) == (400, "1418-400")
    assert world.client.delete(f"/flows/{flow_id}").status_code == 204
    assert world.client.get(f"/flows/{flow_id}").status_code == 404
    assert world.client.delete(f"/flows/{flow_id}").status_code == 404
    assert world.client.delete(f"/connections/{base}").status_code == 204


def test_new_flows_are_listed_at_once_whatever_specs_do(world: World) -> None:
    world.emulator.service.behaviour = type(world.emulator.service.behaviour)(static_token="open-sesame", list_lag=9)
    world.create("/targetConnections", name="target", **spec(LAKE))
    assert world.names("/targetConnections") == ["target"]
