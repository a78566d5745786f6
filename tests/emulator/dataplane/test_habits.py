"""Habits that the documents allow, each a switch: what answers contain, and when something appears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.dataplane.connecting.things import Line, base, code, flow, source
from tests.emulator.dataplane.platform import CATALOG, CONVERSION, FULL, make_dataset, make_schema
from tests.emulator.dataplane.runs.flows import a_flow, counts, skip, status
from tests.emulator.world import World

MakeWorld = Callable[..., World]


@pytest.mark.parametrize("path", ["/connections", "/sourceConnections", "/flows"])
def test_a_post_can_answer_with_its_location_only(make_world: MakeWorld, path: str) -> None:
    world = make_world()
    line = Line(world)
    world.emulator.service.behaviour = make_world(post_answer="location").emulator.service.behaviour
    body = {
        "/connections": base(line.spec),
        "/sourceConnections": source(line.base, line.spec),
        "/flows": flow(line.source, line.target),
    }[path]
    answer = world.client.post(path, json=body)
    assert (answer.status_code, answer.json()) == (201, {})
    assert world.client.get(f"{path}/{answer.headers['location'].rpartition('/')[2]}").status_code == 200


def test_a_run_can_be_answered_with_its_location_only(make_world: MakeWorld) -> None:
    made = a_flow(make_world(post_answer="id"))
    made.world.emulator.service.behaviour = make_world(post_answer="location").emulator.service.behaviour
    answer = made.start(startTime=1_700_000_000, windowStartTime=0, windowEndTime=1)
    assert answer.json() == {"items": [{}]}
    assert made.world.client.get(answer.headers["location"].rpartition("flowservice")[2]).status_code == 200


def test_a_new_connection_can_be_unknown_for_a_second(make_world: MakeWorld) -> None:
    world = make_world()
    line = Line(world)
    world.emulator.service.behaviour = make_world(new_lag=1).emulator.service.behaviour
    made = world.create("/connections", **base(line.spec))
    assert world.client.get(f"/connections/{made}").status_code == 404
    assert code(world.client.get(f"/connections/{made}/test")) == "1439-404"
    assert code(world.client.post("/sourceConnections", json=source(made, line.spec))) == "1439-404"
    assert made in [one["id"] for one in world.items("/connections")]
    world.clock.now += 1
    assert world.client.get(f"/connections/{made}").status_code == 200
    assert world.client.post("/sourceConnections", json=source(made, line.spec)).status_code == 201


def test_a_new_connection_can_be_missing_in_lists(make_world: MakeWorld) -> None:
    world = make_world(new_list_lag=5)
    line = Line(world)
    assert (world.items("/connections"), world.read(f"/connections/{line.base}")["id"]) == ([], line.base)
    world.clock.now += 5
    assert [one["id"] for one in world.items("/connections")] == [line.base]


def test_a_connection_that_does_not_exist_can_be_an_empty_list(make_world: MakeWorld) -> None:
    world = make_world(missing_as="no_items")
    line = Line(world)
    assert world.client.delete(f"/connections/{line.base}").status_code == 204
    answer = world.client.get(f"/connections/{line.base}")
    assert (answer.status_code, answer.json()) == (200, {"items": []})
    assert world.client.delete(f"/connections/{line.base}").status_code == 404


def test_a_deletion_can_be_answered_with_the_id(make_world: MakeWorld) -> None:
    world = make_world(delete_answer="id")
    line = Line(world)
    answer = world.client.delete(f"/connections/{line.base}")
    assert (answer.status_code, answer.json()) == (200, {"id": line.base})
    assert world.client.get(f"/connections/{line.base}").status_code == 404


def test_a_list_can_ignore_its_filter(make_world: MakeWorld) -> None:
    world = make_world(filters_ignored=True)
    line = Line(world)
    assert [one["id"] for one in world.items("/connections", property="name==other")] == [line.base]


def test_the_counts_of_a_run_can_appear_after_its_status(make_world: MakeWorld) -> None:
    made = a_flow(make_world(metrics_delay=10))
    skip(made.world, 65)
    run = made.run()
    assert (status(run), run["activities"], "recordSummary" in run["metrics"]) == ("success", [], False)
    skip(made.world, 5)
    assert (status(made.run()), counts(made.run())) == ("success", (237, 237, 0))


@pytest.mark.parametrize(("case", "written"), [("lower", "completed"), ("upper", "COMPLETED")])
def test_a_success_can_be_called_completed(make_world: MakeWorld, case: str, written: str) -> None:
    made = a_flow(make_world(run_success="completed", run_status_case=case))
    skip(made.world, 60)
    assert status(made.run()) == written


def test_a_batch_can_be_staging_before_it_has_counts(make_world: MakeWorld) -> None:
    made = a_flow(make_world(batch_staging=10))
    skip(made.world, 60)

    def batch() -> dict[str, Any]:
        (found,) = made.world.client.get(f"{CATALOG}/batches").json().values()
        return found  # type: ignore[no-any-return]

    assert (batch()["status"], batch()["metrics"]) == ("staging", {"recordsRead": 0, "recordsWritten": 0, "recordsFailed": 0})
    skip(made.world, 10)
    assert (batch()["status"], batch()["metrics"]["recordsWritten"]) == ("success", 237)


def test_lists_of_the_catalog_can_have_links(make_world: MakeWorld) -> None:
    world = make_world(catalog_links=True)
    dataset = make_dataset(world, make_schema(world)["$id"])
    assert world.client.get(f"{CATALOG}/dataSets").json().keys() == {dataset, "_page", "_links"}
    assert world.client.get(f"{CATALOG}/dataSets/{dataset}").json().keys() == {dataset}


@pytest.mark.parametrize("made", [200, 201])
def test_a_new_mapping_set_is_answered_with_either_status(make_world: MakeWorld, made: int) -> None:
    world = make_world(mapping_status=made)
    reference = {"id": make_schema(world)["$id"], "contentType": FULL["Accept"].replace("; ", ";")}
    body = {"name": "m", "outputSchema": {"schemaRef": reference}, "mappings": []}
    assert world.client.post(f"{CONVERSION}/mappingSets", json=body).status_code == made


@pytest.mark.parametrize("skew", [-300, 300])
def test_a_flow_starts_by_the_clock_of_the_service(make_world: MakeWorld, skew: int) -> None:
    world = make_world(clock_skew=skew, past_start="refuse")
    now = int(world.clock.now) + skew
    made = a_flow(world, schedule={"startTime": now + 60, "frequency": "once"})
    skip(world, 59)
    assert made.runs() == []
    skip(world, 1)
    assert counts(made.run()) == (237, 237, 0)
    assert made.run()["metrics"]["durationSummary"]["startedAtUTC"] == (now + 60) * 1000
    late = flow(made.source, made.target, scheduleParams={"startTime": now + 59, "frequency": "once"})
    assert code(world.client.post("/flows", json=late)) == "1360-400"
    started = made.start(startTime=now + 120, windowStartTime=0, windowEndTime=1)
    run = started.json()["items"][0]["id"]
    skip(world, 59)
    assert world.read(f"/runs/{run}")["metrics"]["statusSummary"]["status"] == "queued"
    skip(world, 1)
    assert status(world.read(f"/runs/{run}")) == "success"
