from __future__ import annotations

from tests.emulator.dataplane.connecting.things import CLOUD, dataset, flow, on_s3, target
from tests.emulator.world import LAKE, S3, World


def cloud_flow(world: World) -> str:
    """A flow from Amazon S3."""
    base = world.create("/connections", name="base", **on_s3())
    source = world.create("/sourceConnections", name="source", baseConnectionId=base)
    to = world.create("/targetConnections", **target(dataset(world)))
    return world.create("/flows", **flow(source, to, flowSpec={"id": CLOUD, "version": "1.0"}))


def test_the_flows_that_use_a_spec_are_found_and_counted(world: World) -> None:
    cloud_flow(world)
    using = "inheritedAttributes.sourceConnections[].connectionSpec.id=="
    assert world.names("/flows", property=using + S3) == ["a flow"]
    assert world.client.get("/flows", params={"property": using + S3, "count": "true"}).json() == {"count": 1}
    assert world.client.get("/flows", params={"property": using + LAKE, "count": "true"}).json() == {"count": 0}
    assert world.names("/sourceConnections", property=f"connectionSpec.id=={S3}") == ["source"]


def test_a_list_of_flows_has_links_and_a_count(world: World) -> None:
    assert world.client.get("/flows").json() == {"items": [], "_links": {}, "count": 0}


def test_a_limit_pages_the_list(world: World) -> None:
    made = dataset(world)
    for name in ("one", "two", "three"):
        world.create("/targetConnections", **target(made, name=name))
    page = world.client.get("/targetConnections?limit=2").json()
    assert ([item["name"] for item in page["items"]], page["count"]) == (["one", "two"], 2)
    rest = world.client.get(page["_links"]["next"]["href"]).json()
    assert ([item["name"] for item in rest["items"]], rest["_links"]) == (["three"], {})


def test_a_limit_and_a_count_together_answer_1401(world: World) -> None:
    answer = world.client.get("/flows?limit=1&count=true")
    assert (answer.status_code, answer.json()["type"][-8:]) == (400, "1401-400")


def test_a_post_is_answered_with_id_and_etag_alone(world: World) -> None:
    answer = world.client.post("/targetConnections", json=target(dataset(world)))
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "etag"}
    live = world.read(f"/targetConnections/{answer.json()['id']}")
    assert live["etag"] == live["version"] == answer.json()["etag"]
    assert live["createdBy"] == "static-token@AdobeID"


def test_new_flows_are_listed_at_once_whatever_specs_do(world: World) -> None:
    world.emulator.service.behaviour = type(world.emulator.service.behaviour)(static_token="open-sesame", list_lag=9)
    world.create("/targetConnections", **target(dataset(world)))
    assert world.names("/targetConnections") == ["target"]
