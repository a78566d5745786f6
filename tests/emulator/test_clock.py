"""The service's clock can be skipped ahead, and can run fast."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.emulator.clocks import FastClock
from reconciler.emulator.timeline import Timeline
from tests.emulator.world import HOST, Clock, World

CLOCK = f"{HOST}/_emulator/clock"


def test_the_time_is_read(world: World) -> None:
    assert world.stranger.get(CLOCK).json() == {"now": world.clock.now, "skipped": 0}


def test_an_hour_is_skipped(world: World) -> None:
    answer = world.stranger.post(CLOCK, json={"advance": 3600})
    assert answer.json() == {"now": world.clock.now + 3600, "skipped": 3600}
    assert world.emulator.store.now() == (world.clock.now + 3600) * 1000


def test_the_date_of_answers_follows(world: World) -> None:
    before = world.client.get(f"{HOST}/data/foundation/flowservice/connectionSpecs").headers["date"]
    world.stranger.post(CLOCK, json={"advance": 86400})
    after = world.client.get(f"{HOST}/data/foundation/flowservice/connectionSpecs").headers["date"]
    assert (before, after) == ("Tue, 14 Nov 2023 22:13:20 GMT", "Wed, 15 Nov 2023 22:13:20 GMT")


@pytest.mark.parametrize(
    "wish", [{}, {"advance": "1h"}, {"advance": True}, {"advance": -1}, {"advance": 1e12}, {"advance": 1, "to": 2}]
)
def test_a_clock_never_goes_back(world: World, wish: dict[str, Any]) -> None:
    assert world.stranger.post(CLOCK, json=wish).status_code == 400
    assert world.stranger.get(CLOCK).json()["skipped"] == 0


def test_a_fast_clock_counts_from_its_start() -> None:
    clock = Clock(1000.0)
    fast = FastClock(60, clock)
    clock.now += 2
    assert fast() == 1120.0


def jobs_of(timeline: Timeline, work: Callable[[Any], Any] | None = None) -> None:
    coroutine = timeline.catch_up() if work is None else timeline.catch_up(work)
    with pytest.raises(StopIteration):
        coroutine.send(None)


def test_due_jobs_run_in_order_each_at_its_own_time() -> None:
    clock, seen = Clock(100.0), list[tuple[str, float]]()
    timeline = Timeline(clock)
    timeline.at(130.0, lambda: seen.append(("late", timeline.now())))
    timeline.at(110.0, lambda: seen.append(("early", timeline.now())))
    timeline.at(50.0, lambda: seen.append(("past", timeline.now())))
    timeline.at(131.0, lambda: seen.append(("not yet", timeline.now())))
    timeline.advance(30)
    jobs_of(timeline)
    assert seen == [("past", 100.0), ("early", 110.0), ("late", 130.0)]


def test_a_job_that_schedules_the_next_has_it_in_the_same_round() -> None:
    clock, seen = Clock(100.0), list[float]()
    timeline = Timeline(clock)

    def again() -> None:
        seen.append(timeline.now())
        timeline.at(timeline.now() + 10, again)

    timeline.at(100.0, again)
    timeline.advance(25)
    jobs_of(timeline)
    assert seen == [100.0, 110.0, 120.0]


def test_another_thread_carries_out_a_job_at_its_own_time() -> None:
    clock, seen = Clock(100.0), list[float]()
    timeline = Timeline(clock)
    timeline.at(90.0, lambda: seen.append(timeline.now()))
    clock.now = 200.0

    async def beside(job: Any) -> None:
        thread = threading.Thread(target=job)
        thread.start()
        thread.join()

    jobs_of(timeline, beside)
    assert (seen, timeline.now()) == ([100.0], 200.0)
