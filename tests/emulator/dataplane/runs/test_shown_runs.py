"""A run as answers show it, and the switches for what no page says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.emulator.dataplane.platform import CATALOG
from tests.emulator.dataplane.runs.flows import OFFSET, a_flow, skip, status
from tests.emulator.world import HOST, World
from tests.providers.reading import an_api


def test_a_run_names_the_pipeline_and_the_batch(world: World) -> None:
    flow = a_flow(world)
    skip(world, 60)
    copy, promotion = flow.run()["activities"]
    assert copy["statusSummary"]["extensions"].keys() == {"adf/pipeline/id", "adf/run/id"}
    batch_id = promotion["statusSummary"]["extensions"]["batchId"]
    batch = world.client.get(f"{CATALOG}/batches", params={"batch": batch_id}).json()[batch_id]
    assert (batch["status"], batch["metrics"]["recordsWritten"]) == ("success", 237)
    assert batch["relatedObjects"] == [{"type": "dataSet", "id": flow.dataset}]


def test_nothing_of_the_emulator_is_shown(world: World) -> None:
    flow = a_flow(world)
    skip(world, 60)
    assert "emulated" not in flow.run()
    assert world.read(f"/runs/{flow.run()['id']}") == flow.run()


def test_a_run_can_appear_late(make_world: Callable[..., World]) -> None:
    world = make_world(run_delay=20)
    flow = a_flow(world)
    skip(world, 79)
    assert flow.runs() == []
    (_, stored), *_ = world.emulator.store.everywhere("runs")
    assert world.client.get(f"/runs/{stored.id}").status_code == 404
    skip(world, 1)
    assert status(flow.run()) == "success"


def test_a_run_can_take_its_time(make_world: Callable[..., World]) -> None:
    world = make_world(run_duration=30)
    flow = a_flow(world)
    skip(world, 89)
    run = flow.run()
    assert (status(run), run["activities"]) == ("inProgress", [])
    assert "recordSummary" not in run["metrics"]
    skip(world, 1)
    assert status(flow.run()) == "success"
    times = flow.run()["metrics"]["durationSummary"]
    assert times["completedAtUTC"] - times["startedAtUTC"] == 30_000


@pytest.mark.parametrize(
    ("case", "running", "failed"),
    [("lower", "inProgress", "failed"), ("upper", "IN_PROGRESS", "FAILED"), ("title", "InProgress", "Failed")],
)
def test_a_status_is_written_in_some_case(make_world: Callable[..., World], case: str, running: str, failed: str) -> None:
    world = make_world(run_status_case=case, run_duration=30)
    flow = a_flow(world, an_api(OFFSET, faults=[{"request": 1, "status": 500}]))
    skip(world, 60)
    assert status(flow.run()) == running
    skip(world, 30)
    assert status(flow.run()) == failed
    assert flow.run()["activities"][0]["statusSummary"]["status"] == failed
    assert [run["id"] for run in world.items("/runs", property=f"metrics.statusSummary.status=={failed}")] == [flow.run()["id"]]


def test_the_counts_can_have_the_names_of_the_openapi_file(make_world: Callable[..., World]) -> None:
    world = make_world(record_summary="openapi")
    flow = a_flow(world)
    skip(world, 60)
    summary = flow.run()["metrics"]["recordSummary"]
    assert (summary["inputRecordCount"], summary["createdRecordCount"], summary["failedRecordCount"]) == (237, 237, 0)
    assert "outputRecordCount" not in summary


def test_a_batch_can_land_late(make_world: Callable[..., World]) -> None:
    world = make_world(land_delay=300)
    flow = a_flow(world)
    skip(world, 60)
    assert (status(flow.run()), flow.rows()) == ("success", [])
    skip(world, 300)
    assert len(flow.rows()) == 100


def test_the_engine_does_what_its_switch_says(make_world: Callable[..., World]) -> None:
    world = make_world(engine={"offset.no-end": "until-short"})
    flow = a_flow(world)
    skip(world, 60)
    assert (status(flow.run()), len(flow.calls.urls)) == ("success", 3)


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        ({"offset.no-ende": "never"}, "engine.offset.no-ende is not a row of the evidence table"),
        ({"offset.no-end": "nevr"}, "engine.offset.no-end must be until-empty or until-short or never"),
        ({"offset.parameters": "body"}, "engine.offset.parameters must be query"),
        ({"run.max-requests": "10001"}, "engine.run.max-requests must be a number from 1 to 10000"),
        ({"run.max-requests": "0"}, "engine.run.max-requests must be a number from 1 to 10000"),
    ],
)
def test_a_row_that_does_not_exist_is_declined(world: World, engine: dict[str, str], said: str) -> None:
    answer = world.stranger.put(f"{HOST}/_emulator/behaviour", json={"engine": engine})
    assert answer.status_code == 400
    assert said in answer.text


def test_the_permission_to_view_runs_can_be_missing(make_world: Callable[..., World]) -> None:
    world = make_world(forbidden=("runs",))
    for answer in (world.client.get("/runs"), world.client.post("/runs", json={}), world.client.post("/runs/1/action")):
        assert answer.status_code == 403


@pytest.mark.parametrize("case", ["lower", "upper", "title"])
def test_runs_are_filtered_by_their_status_in_any_case(make_world: Callable[..., World], case: str) -> None:
    flow = a_flow(make_world(run_duration=30, run_status_case=case))

    def found(condition: str) -> int:
        return len(flow.world.items("/runs", property=condition))

    skip(flow.world, 60)
    assert [found(f"state=={word}") for word in ("inProgress", "IN_PROGRESS", "success")] == [1, 1, 0]
    skip(flow.world, 30)
    for path in ("state", "metrics.statusSummary.status"):
        assert [found(f"{path}=={word}") for word in ("Success", "success", "Failed", "inProgress")] == [1, 1, 0, 0]
        assert found(f"{path}!=Success") == 0
    assert "state" not in flow.run()
