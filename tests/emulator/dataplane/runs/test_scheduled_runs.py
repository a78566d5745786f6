"""A flow runs when it is due: once, or again and again, each time for its own time range."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from reconciler.emulator.dataplane.runs.schedules import schedule_of
from tests.emulator.dataplane.runs.flows import OFFSET, SCHEDULE, WINDOW, MadeFlow, a_flow, a_source, counts, skip, status
from tests.emulator.world import Clock, World
from tests.providers.reading import an_api

MINUTES_15 = {"frequency": "minute", "interval": 15}


def windows(flow: MadeFlow) -> list[tuple[str | None, str | None]]:
    """The start and the end that each run sent with its first request."""
    sent = [dict(parse_qsl(url)) for url in flow.calls.urls]
    return [(one.get("since"), one.get("until")) for one in sent if one["offset"] == "0"]


def repeated(world: World, **schedule: object) -> MadeFlow:
    stub = an_api(OFFSET, window=WINDOW, records={"dates": {"from": "2023-11-01T00:00:00Z", "to": "2023-11-15T00:00:00Z"}})
    start = {"startTime": int(world.clock.now) + 60}
    return a_flow(world, stub, a_source(schedule=SCHEDULE), schedule={**start, **MINUTES_15, **schedule})


def test_a_flow_runs_at_its_start_and_not_before(world: World) -> None:
    flow = a_flow(world)
    skip(world, 59)
    assert flow.runs() == []
    skip(world, 1)
    assert status(flow.run()) == "success"
    assert flow.run()["metrics"]["durationSummary"]["startedAtUTC"] == (world.clock.now + 60) * 1000


def test_a_run_reads_every_page_and_fills_the_dataset(world: World) -> None:
    flow = a_flow(world)
    skip(world, 60)
    assert counts(flow.run()) == (237, 237, 0)
    assert flow.calls.urls == [f"count=100&offset={offset}" for offset in (0, 100, 200, 300)]
    assert len(flow.rows()) == 100
    assert flow.rows()[0]["_acme"]["id"] == 1


def test_a_flow_that_runs_once_does_not_run_again(world: World) -> None:
    flow = a_flow(world)
    skip(world, 60)
    skip(world, 10 * 86_400)
    assert len(flow.runs()) == 1


def test_a_run_that_is_late_has_the_time_at_which_it_was_due(world: World) -> None:
    flow = a_flow(world)
    start = world.clock.now + 60
    skip(world, 86_400)
    assert flow.run()["metrics"]["durationSummary"]["startedAtUTC"] == start * 1000


def test_a_start_in_the_past_is_now(world: World) -> None:
    flow = a_flow(world, schedule={"startTime": 1_597_784_298, "frequency": "once"})
    assert flow.run()["metrics"]["durationSummary"]["startedAtUTC"] == world.clock.now * 1000


@pytest.mark.parametrize("start", ["1700000060", 1_700_000_060_000])
def test_a_start_may_be_a_string_or_in_milliseconds(world: World, start: object) -> None:
    flow = a_flow(world, schedule={"startTime": start, "frequency": "once"})
    skip(world, 60)
    assert len(flow.runs()) == 1


@pytest.mark.parametrize(("frequency", "seconds"), [("minute", 900), ("hour", 3600), ("day", 86_400), ("week", 604_800)])
def test_a_flow_with_a_frequency_runs_again_and_again(world: World, frequency: str, seconds: int) -> None:
    interval = 15 if frequency == "minute" else 1
    flow = a_flow(world, schedule={"startTime": int(world.clock.now), "frequency": frequency, "interval": interval})
    assert len(flow.runs()) == 1
    skip(world, seconds - 1)
    assert len(flow.runs()) == 1
    skip(world, 1)
    assert len(flow.runs()) == 2
    skip(world, 3 * seconds)
    assert len(flow.runs()) == 5


def test_the_first_run_of_a_schedule_reads_everything_and_the_next_what_came_since(world: World) -> None:
    flow = repeated(world)
    skip(world, 60 + 900)
    assert windows(flow) == [(None, "2023-11-14T22:14:20Z"), ("2023-11-14T22:14:20Z", "2023-11-14T22:29:20Z")]
    assert [counts(run)[0] for run in flow.runs()] == [236, 0]


def test_without_backfill_the_first_run_reads_one_interval(world: World) -> None:
    flow = repeated(world, backfill=False)
    skip(world, 60)
    assert windows(flow) == [("2023-11-14T21:59:20Z", "2023-11-14T22:14:20Z")]


def test_a_first_run_can_be_one_from_the_beginning_of_time(make_world: Callable[..., World]) -> None:
    flow = repeated(world := make_world(engine={"window.first-run": "incremental"}))
    skip(world, 60)
    assert windows(flow) == [("1970-01-01T00:00:00Z", "2023-11-14T22:14:20Z")]


def test_more_than_a_hundred_missed_runs_are_one(world: World) -> None:
    flow = repeated(world)
    skip(world, 60)
    skip(world, 300 * 86_400)
    assert windows(flow)[1:] == [
        ("2023-11-14T22:14:20Z", "2023-11-14T22:29:20Z"),
        ("2023-11-14T22:29:20Z", "2024-09-09T22:14:20Z"),
    ]


def test_a_flow_that_is_disabled_and_enabled_again_runs_once(world: World) -> None:
    flow = a_flow(world)
    for op in ("DISABLE", "ENABLE"):
        assert world.client.post(f"/flows/{flow.id}/action?op={op}").status_code == 200
    skip(world, 60)
    assert len(flow.runs()) == 1


def test_a_disabled_flow_does_not_run(world: World) -> None:
    flow = a_flow(world)
    assert world.client.post(f"/flows/{flow.id}/action?op=DISABLE").status_code == 200
    skip(world, 60)
    assert flow.runs() == []


def test_a_provider_counts_the_requests_of_each_run_anew(world: World) -> None:
    flow, begun = a_flow(world), list[int]()
    world.emulator.service.begin = lambda: begun.append(len(flow.calls.urls))
    skip(world, 60)
    assert begun == [0]
    assert counts(flow.run()) == (237, 237, 0)


def test_a_deleted_flow_does_not_run(world: World) -> None:
    flow = a_flow(world)
    assert world.client.delete(f"/flows/{flow.id}").status_code == 204
    skip(world, 60)
    assert (flow.runs(), flow.calls.urls) == ([], [])


def test_the_last_run_is_shown_with_the_flow(world: World) -> None:
    flow = a_flow(world)
    skip(world, 60)
    last = world.read(f"/flows/{flow.id}")["lastRunDetails"]
    assert (last["id"], last["state"]) == (flow.run()["id"], "success")


def test_runs_are_listed_in_pages(world: World) -> None:
    flow = a_flow(world, schedule={"startTime": int(world.clock.now), "frequency": "hour", "interval": 1})
    skip(world, 2 * 3600)
    answer = world.client.get("/runs", params={"property": f"flowId=={flow.id}", "limit": 2}).json()
    assert len(answer["items"]) == 2
    following = world.client.get(answer["_links"]["next"]["href"].removeprefix("/data/foundation/flowservice")).json()
    assert len(following["items"]) == 1
    assert flow.runs(limit=3)[2]["id"] == following["items"][0]["id"]


def test_another_emulator_on_the_same_file_runs_what_is_due(make_world: Callable[..., World], tmp_path: Path) -> None:
    clock = Clock()
    first = make_world(db=tmp_path / "db", clock=clock)
    flow = a_flow(first)
    first.emulator.close()
    clock.now += 60
    second = make_world(db=tmp_path / "db", clock=clock)
    second.emulator.service.fetch = flow.calls
    (run,) = second.items("/runs", property=f"flowId=={flow.id}")
    assert counts(run) == (237, 237, 0)


def test_another_emulator_on_the_same_file_does_not_run_it_twice(make_world: Callable[..., World], tmp_path: Path) -> None:
    clock = Clock()
    first = make_world(db=tmp_path / "db", clock=clock)
    flow = a_flow(first)
    skip(first, 60)
    assert len(flow.runs()) == 1
    first.emulator.close()
    clock.now += 3600
    second = make_world(db=tmp_path / "db", clock=clock)
    assert len(second.items("/runs", property=f"flowId=={flow.id}")) == 1


@pytest.mark.parametrize(
    "schedule",
    [
        None,
        {},
        {"startTime": True, "frequency": "once"},
        {"startTime": -1, "frequency": "once"},
        {"startTime": 1e300, "frequency": "once"},
        {"startTime": "soon", "frequency": "once"},
        {"startTime": 1, "frequency": "yearly"},
        {"startTime": 1, "frequency": "minute", "interval": 0},
        {"startTime": 1},
    ],
)
def test_a_schedule_that_cannot_be_read_is_none(schedule: object) -> None:
    assert schedule_of({"scheduleParams": schedule}) is None
