"""A run of a flow for a time range of one's choice, and a failed run that is started again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.emulator.dataplane.runs.flows import DEV, OFFSET, SCHEDULE, WINDOW, MadeFlow, a_flow, a_source, counts, skip, status
from tests.emulator.world import REST, World
from tests.providers.reading import an_api


def at(day: int) -> int:
    return int(datetime(2024, 1, day, tzinfo=UTC).timestamp())


DAY = {"startTime": 1, "windowStartTime": at(5), "windowEndTime": at(6)}


def windowed(world: World, **others: Any) -> MadeFlow:
    stub = an_api(OFFSET, window=WINDOW, **others)
    return a_flow(world, stub, a_source(schedule=SCHEDULE))


def test_a_run_reads_its_own_time_range(world: World) -> None:
    flow = windowed(world)
    answer = flow.start(**DAY)
    assert answer.status_code == 201
    (made,) = answer.json()["items"]
    run = world.read(f"/runs/{made['id']}")
    assert made["etag"].startswith('"')
    assert status(run) == "success"
    assert flow.calls.urls[0] == "since=2024-01-05T00%3A00%3A00Z&until=2024-01-06T00%3A00%3A00Z&count=100&offset=0"
    assert 0 < counts(run)[0] < 237


def test_a_run_of_an_empty_time_range_is_a_success_without_records(world: World) -> None:
    flow = windowed(world)
    flow.start(startTime=1, windowStartTime=0, windowEndTime=86_400)
    assert (status(flow.run()), counts(flow.run())) == ("success", (0, 0, 0))


def test_a_time_range_may_be_one_moment(world: World) -> None:
    assert windowed(world).start(startTime=1, windowStartTime=at(5), windowEndTime=at(5)).status_code == 201


def test_a_run_on_demand_does_not_replace_the_one_that_is_due(world: World) -> None:
    flow = windowed(world)
    flow.start(**DAY)
    skip(world, 60)
    assert len(flow.runs()) == 2


def test_a_run_starts_at_its_start_time(world: World) -> None:
    flow = windowed(world)
    flow.start(**{**DAY, "startTime": int(world.clock.now) + 30})
    assert status(flow.run()) == "queued"
    skip(world, 30)
    assert status(flow.run()) == "success"


def test_times_may_be_strings(world: World) -> None:
    flow = windowed(world)
    assert flow.start(**{name: str(seconds) for name, seconds in DAY.items()}).status_code == 201
    assert 0 < counts(flow.run())[0] < 237


def test_the_answer_can_be_one_object(make_world: Callable[..., World]) -> None:
    assert windowed(make_world(run_answer="bare")).start(**DAY).json().keys() == {"id", "etag"}


def test_times_can_be_milliseconds(make_world: Callable[..., World]) -> None:
    flow = windowed(make_world(run_times="milliseconds"))
    flow.start(**{name: seconds * 1000 for name, seconds in DAY.items()})
    assert counts(flow.run())[0] > 0
    flow.start(**DAY)
    assert counts(flow.runs()[1])[0] == 0


def code_of(answer: Any) -> str:
    return str(answer.json()["type"]).removeprefix("https://ns.adobe.com/aep/errors/FLOW-")


@pytest.mark.parametrize(
    ("params", "code", "named"),
    [
        ({}, "1384-400", "startTime, windowStartTime, windowEndTime"),
        ({"startTime": 1, "windowStartTime": 1}, "1384-400", "params=windowEndTime"),
        ({**DAY, "startTime": "now"}, "1384-400", "params=startTime"),
        ({**DAY, "windowStartTime": True}, "1384-400", "params=windowStartTime"),
        ({**DAY, "windowEndTime": -1}, "1384-400", "params=windowEndTime"),
        ({**DAY, "windowEndTime": at(6) * 1000}, "1384-400", "params=windowEndTime"),
        ({**DAY, "windowEndTime": 10**400}, "1384-400", "params=windowEndTime"),
        ({**DAY, "windowEndTime": at(4)}, "1381-400", "WindowEndTime="),
        ({**DAY, "deltaColumn": {"name": "at"}}, "1382-400", "delta column must match"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(world: World, params: dict[str, Any], code: str, named: str) -> None:
    flow = windowed(world)
    answer = flow.start(**params)
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert named in answer.json()["errorMessage"]
    assert flow.runs() == []


def test_a_flow_with_a_delta_column_wants_it(world: World) -> None:
    copy = {"name": "Copy", "params": {"deltaColumn": {"name": "at"}}}
    flow = a_flow(world)
    body = world.read(f"/flows/{flow.id}")
    world.emulator.store.replace(
        "flows", DEV, flow.id, lambda _row: {**body, "transformations": [*body["transformations"], copy]}
    )
    assert code_of(flow.start(**DAY)) == "1383-400"
    assert flow.start(**DAY, deltaColumn={"name": "at"}).status_code == 201


def test_a_flow_with_another_frequency_is_refused(world: World) -> None:
    flow = a_flow(world, schedule={"startTime": int(world.clock.now) + 60, "frequency": "hour", "interval": 1})
    answer = flow.start(**DAY)
    assert code_of(answer) == "1386-400"
    assert "frequency=hour" in answer.json()["errorMessage"]


def test_a_source_that_fetches_nothing_is_refused(world: World) -> None:
    flow = a_flow(world, source={"attributes": {}})
    assert code_of(flow.start(**DAY)) == "1385-400"


def test_a_flow_that_is_not_enabled_is_refused(world: World) -> None:
    flow = a_flow(world)
    body = world.read(f"/flows/{flow.id}")
    world.emulator.store.replace("flows", DEV, flow.id, lambda _row: {**body, "state": "disabled"})
    answer = flow.start(**DAY)
    assert code_of(answer) == "1380-400"
    assert "the flow is in state=disabled" in answer.json()["errorMessage"]


def test_a_flow_without_its_source_connection_is_refused(world: World) -> None:
    flow = a_flow(world)
    world.emulator.store.delete("sourceConnections", DEV, flow.source)
    assert code_of(flow.start(**DAY)) == "1380-400"


def test_a_client_that_may_not_write_starts_no_run(make_world: Callable[..., World]) -> None:
    world = make_world()
    flow = a_flow(world)
    answer = world.stranger.put(
        "http://x/_emulator/behaviour", json={"read_only_clients": ["robot"], "static_token": "open-sesame"}
    )
    assert answer.status_code == 200
    assert code_of(flow.start(**DAY)) == "1427-400"
    assert code_of(world.client.post(f"/runs/{flow.id}/action?op=RE_TRIGGER")) == "1427-400"


def test_a_flow_that_does_not_exist_has_no_run(world: World) -> None:
    answer = world.client.post("/runs", json={"flowId": REST, "params": DAY})
    assert (answer.status_code, code_of(answer)) == (404, "1439-404")


@pytest.mark.parametrize("body", [{}, {"flowId": 7}, {"flowId": ""}])
def test_a_run_needs_a_flow(world: World, body: dict[str, Any]) -> None:
    assert world.client.post("/runs", json={**body, "params": DAY}).status_code == 400


def again(flow: MadeFlow, run_id: str, op: str = "RE_TRIGGER") -> Any:
    return flow.world.client.post(f"/runs/{run_id}/action?op={op}")


def test_a_failed_run_is_started_again_for_the_same_time_range(world: World) -> None:
    flow = windowed(world, faults=[{"request": 1, "status": 503}])
    flow.start(**DAY)
    run_id = flow.run()["id"]
    assert status(flow.run()) == "failed"
    answer = again(flow, run_id)
    assert (answer.status_code, answer.json()["items"][0]["id"]) == (200, run_id)
    assert status(flow.run()) == "success"
    assert flow.calls.urls[0] == flow.calls.urls[1]


def test_a_run_that_did_not_fail_is_not_started_again(world: World) -> None:
    flow = windowed(world)
    flow.start(**DAY)
    answer = again(flow, flow.run()["id"])
    assert code_of(answer) == "1387-400"
    assert "state=success" in answer.json()["errorMessage"]


def test_a_run_of_a_flow_that_is_not_enabled_is_not_started_again(world: World) -> None:
    flow = windowed(world, faults=[{"request": 1, "status": 503}])
    flow.start(**DAY)
    run_id = flow.run()["id"]
    body = world.read(f"/flows/{flow.id}")
    world.emulator.store.replace("flows", DEV, flow.id, lambda _row: {**body, "state": "disabled"})
    assert code_of(again(flow, run_id)) == "1388-400"


def test_another_operation_does_not_exist(world: World) -> None:
    flow = windowed(world)
    flow.start(**DAY)
    assert again(flow, flow.run()["id"], "CANCEL").status_code == 400
    assert code_of(again(flow, REST)) == "1439-404"
