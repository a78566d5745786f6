"""What somebody else made: connections, flows and runs, as the service lists them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.emulator.dataflows import Dataflow, MadeDataflow, put_dataflow, put_run
from reconciler.emulator.model import Author, Place
from reconciler.errors import UsageError
from tests.emulator.world import HOST, S3, World

ADMIN = f"{HOST}/_emulator"
HERE = Place("ACME@AdobeOrg", "dev")
ANN = Author("ann@acme.com", "exc_app")
NOBODY = "3f4ae131-b384-4e73-8000-000000000000"
USING = "inheritedAttributes.sourceConnections[].connectionSpec.id=="


def put(world: World, **wish: Any) -> MadeDataflow:
    return put_dataflow(world.emulator.store, HERE, Dataflow(connection_spec=S3, **wish), ANN)


def ask(world: World, **wish: Any) -> httpx.Response:
    place = {"org": HERE.org, "sandbox": HERE.sandbox}
    return world.stranger.post(f"{ADMIN}/dataflows", json={**place, "connection_spec": S3, **wish})


def test_a_dataflow_that_somebody_made_is_found_by_its_spec(world: World) -> None:
    made = put(world, name="orders")
    (flow,) = world.items("/flows", property=USING + S3)
    (source,) = flow["inheritedAttributes"]["sourceConnections"]
    assert (flow["id"], flow["state"], source["id"]) == (made.flow, "enabled", made.source_connection)
    assert source["baseConnection"]["id"] == made.base_connection
    assert world.read(f"/sourceConnections/{made.source_connection}")["baseConnectionId"] == made.base_connection
    assert world.read(f"/targetConnections/{made.target_connection}")["createdBy"] == "ann@acme.com"


def test_a_disabled_flow_says_so_and_can_be_filtered_by_it(world: World) -> None:
    put(world, name="off", state="disabled")
    put(world, name="on")
    assert world.names("/flows", property="state==enabled") == ["on"]
    assert world.names("/flows", property="state==disabled") == ["off"]


def test_connections_without_a_flow_are_connections_all_the_same(world: World) -> None:
    made = put(world, flow=False)
    assert (made.flow, world.items("/flows")) == (None, [])
    assert [item["id"] for item in world.items("/connections", property=f"connectionSpec.id=={S3}")] == [made.base_connection]


def test_a_streaming_dataflow_has_no_base_connection(world: World) -> None:
    made = put(world, base=False)
    (flow,) = world.items("/flows")
    assert (made.base_connection, "baseConnection" in flow["inheritedAttributes"]["sourceConnections"][0]) == (None, False)


def test_a_flow_tells_of_the_latest_of_its_runs(world: World) -> None:
    made = put(world, runs=(1_000, 3_000, 2_000))
    last = world.read(f"/flows/{made.flow}")["lastRunDetails"]
    assert (last["id"], last["state"], last["startedAtUTC"]) == (made.runs[1], "success", 3_000)


def test_a_flow_that_never_ran_tells_of_no_run(world: World) -> None:
    assert "lastRunDetails" not in world.read(f"/flows/{put(world).flow}")


def test_the_runs_of_a_flow_are_listed_by_its_id(world: World) -> None:
    made = put(world, runs=(1_000,))
    put(world, runs=(2_000,))
    assert made.flow is not None
    failed = put_run(world.emulator.store, HERE, made.flow, 4_000, ANN, "failed")
    runs = world.items("/runs", property=f"flowId=={made.flow}")
    assert [run["metrics"]["durationSummary"]["startedAtUTC"] for run in runs] == [1_000, 4_000]
    assert [run["id"] for run in world.items("/runs", property="metrics.statusSummary.status==failed")] == [failed]
    assert world.read(f"/runs/{failed}")["eTag"].startswith('"')


def test_nobody_deletes_a_run(world: World) -> None:
    made = put(world, runs=(1_000,))
    assert world.client.delete(f"/runs/{made.runs[0]}").status_code == 405


def test_a_run_of_a_flow_that_is_not_there_cannot_be_put(world: World) -> None:
    with pytest.raises(UsageError, match="is not in ACME@AdobeOrg dev"):
        put_run(world.emulator.store, HERE, NOBODY, 1, ANN)


@pytest.mark.parametrize(
    ("orderby", "expected"),
    [
        ("name", ["a", "b", "c"]),
        ("+name", ["a", "b", "c"]),
        (" name", ["a", "b", "c"]),
        ("-name", ["c", "b", "a"]),
        ("-createdAt", ["a", "c", "b"]),
        ("lastRunDetails.startedAtUTC", ["c", "a", "b"]),
        ("-lastRunDetails.startedAtUTC", ["a", "c", "b"]),
    ],
)
def test_a_list_of_flows_comes_in_the_order_that_was_asked_for(world: World, orderby: str, expected: list[str]) -> None:
    for name, runs in (("b", ()), ("c", (1_000,)), ("a", (2_000,))):
        put(world, name=name, runs=runs)
        world.clock.now += 1
    assert world.names("/flows", orderby=orderby) == expected


def test_an_ordered_list_comes_in_pages_too(world: World) -> None:
    for name in ("b", "c", "a"):
        put(world, name=name)
    page = world.client.get("/flows?orderby=-name&limit=2").json()
    rest = world.client.get(page["_links"]["next"]["href"]).json()
    assert [item["name"] for item in (*page["items"], *rest["items"])] == ["c", "b", "a"]
    assert rest["_links"] == {}


def test_an_order_that_is_not_understood_answers_1432(world: World) -> None:
    answer = world.client.get("/flows", params={"orderby": "--name"})
    assert (answer.status_code, answer.json()["type"][-8:]) == (400, "1432-400")


@pytest.mark.parametrize("path", ["/flows", "/runs", f"/flows/{NOBODY}"])
def test_a_collection_that_nobody_may_view_answers_2118(world: World, path: str) -> None:
    world.emulator.service.behaviour = type(world.emulator.service.behaviour)(
        static_token="open-sesame", forbidden=("flows", "runs")
    )
    answer = world.client.get(path)
    assert (answer.status_code, answer.json()["type"][-8:]) == (403, "2118-403")
    assert world.client.get("/sourceConnections").status_code == 200


def test_a_flow_under_an_access_label_is_left_out_and_not_found(world: World) -> None:
    made = put(world)
    world.emulator.service.behaviour = type(world.emulator.service.behaviour)(
        static_token="open-sesame", hidden=(str(made.flow),)
    )
    assert world.items("/flows") == []
    assert world.client.get(f"/flows/{made.flow}").status_code == 404


def test_a_dataflow_can_be_put_over_http(world: World) -> None:
    answer = ask(world, name="orders", state="disabled", runs=[1_000])
    assert answer.status_code == 201
    flow = world.read(f"/flows/{answer.json()['flow']}")
    assert (flow["name"], flow["state"], flow["lastRunDetails"]["id"]) == ("orders", "disabled", answer.json()["runs"][0])


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"connection_spec": NOBODY}, "no connectionSpecs with the id"),
        ({"connection_spec": None}, "connection_spec is required"),
        ({"sandbox": ""}, "give org and sandbox"),
        ({"state": "paused"}, "dataflow.state does not fit"),
        ({"colour": "red"}, "dataflow.colour is not a valid key"),
    ],
)
def test_a_dataflow_that_is_not_understood_says_so(world: World, wish: dict[str, Any], said: str) -> None:
    answer = ask(world, **wish)
    assert (answer.status_code, said in answer.json()["detail"]) == (400, True)
