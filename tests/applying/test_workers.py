"""Actions side by side: how many work at once, and what waiting means for the others."""

from __future__ import annotations

import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.applying import workers
from reconciler.applying.outcome import OutcomeName
from reconciler.applying.workers import MOST_WAITING, Workers
from reconciler.documents.canonical import digest
from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import decode
from reconciler.settings.values import Network
from tests.applying.stories import source
from tests.applying.world import World

LONG = 30.0


@dataclass
class SlowClock:
    """A clock on which nobody's sleep ends before `wake` is set; counts those that work and those that sleep."""

    wake: threading.Event = field(default_factory=threading.Event)
    lock: threading.Condition = field(default_factory=threading.Condition)
    counts: Counter[str] = field(default_factory=Counter)
    most_working: int = 0

    def now(self) -> float:
        return 1.0

    def monotonic(self) -> float:
        return 2.0

    def sleep(self, seconds: float) -> None:
        assert seconds == 6
        self.count(working=-1, sleeping=1)
        self.wake.wait(LONG)
        self.count(sleeping=-1)

    def count(self, **changes: int) -> None:
        with self.lock:
            for name, change in changes.items():
                self.counts[name] += change
            self.most_working = max(self.most_working, self.counts["working"])
            self.lock.notify_all()

    def wait_for(self, **counts: int) -> bool:
        with self.lock:
            return self.lock.wait_for(lambda: all(self.counts[name] == count for name, count in counts.items()), LONG)


@dataclass
class Job:
    """What the workers do with each item: begin, wait on the clock, and end."""

    clock: SlowClock
    workers: Workers
    begun: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)

    def __call__(self, item: int) -> None:
        self.begun.append(item)
        self.clock.count(working=1)
        self.workers.clock.sleep(6)
        self.clock.count(working=1)
        self.clock.count(working=-1)
        self.ended.append(item)


def test_an_action_that_waits_makes_room_for_the_next_and_takes_it_again_to_go_on() -> None:
    clock = SlowClock()
    job = Job(clock, Workers(2, clock))
    run = threading.Thread(target=job.workers.run, args=(job, range(20)))
    run.start()
    assert clock.wait_for(sleeping=20, working=0)
    assert (sorted(job.begun), job.ended) == (list(range(20)), [])
    clock.wake.set()
    run.join(LONG)
    assert (sorted(job.ended), clock.most_working) == (list(range(20)), 2)


def test_no_more_wait_than_the_memory_allows() -> None:
    clock = SlowClock()
    job = Job(clock, Workers(2, clock, most_waiting=3))
    run = threading.Thread(target=job.workers.run, args=(job, range(20)))
    run.start()
    assert clock.wait_for(sleeping=5, working=0)
    assert len(job.begun) == 5
    clock.wake.set()
    run.join(LONG)
    assert sorted(job.ended) == list(range(20))


def test_one_worker_does_one_thing_after_the_other_even_while_it_waits() -> None:
    clock = SlowClock()
    clock.wake.set()
    job = Job(clock, Workers(1, clock))
    job.workers.run(job, range(5))
    assert (job.begun, job.ended, clock.most_working) == ([*range(5)], [*range(5)], 1)


def test_after_an_error_nothing_begins_and_what_has_begun_ends() -> None:
    clock = SlowClock()
    workers = Workers(2, clock)
    job = Job(clock, workers)

    def fail_at_three(item: int) -> None:
        if item == 3:
            clock.wake.set()
            raise ValueError(item)
        job(item)

    with pytest.raises(ValueError, match="3"):
        workers.run(fail_at_three, range(MOST_WAITING))
    assert sorted(job.ended) == sorted(job.begun)
    assert len(job.begun) < MOST_WAITING - 1


def test_after_an_interrupt_nothing_begins_and_what_has_begun_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SlowClock()
    job = Job(clock, Workers(2, clock, most_waiting=0))

    class Pool(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            clock.wake.set()
            super().shutdown(wait, cancel_futures=cancel_futures)

    def interrupted(_workers: object) -> None:
        assert clock.wait_for(sleeping=2)
        raise KeyboardInterrupt

    monkeypatch.setattr(workers, "ThreadPoolExecutor", Pool)
    monkeypatch.setattr(workers, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        job.workers.run(job, range(9))
    assert sorted(job.ended) == sorted(job.begun) == [0, 1]


def test_where_no_more_threads_can_start_those_that_run_do_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SlowClock()
    start, started = threading.Thread.start, list[threading.Thread]()

    def start_three(thread: threading.Thread) -> None:
        if len(started) == 3:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_three)
    job = Job(clock, Workers(2, clock))
    run = threading.Thread(target=job.workers.run, args=(job, range(20)))
    run.start()
    assert clock.wait_for(sleeping=2, working=0)  # a third worker cannot start
    clock.wake.set()
    run.join(LONG)
    assert sorted(job.ended) == list(range(20))


def test_without_a_single_thread_nothing_is_taken_for_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        Workers(2, SlowClock()).run(print, range(20))


@pytest.mark.parametrize("concurrency", [2, 4])
def test_the_service_has_never_more_requests_than_the_settings_allow(tmp_path: Path, concurrency: int) -> None:
    world = World(tmp_path, [source(f"s{number:02}") for number in range(20)], network=Network(concurrency=concurrency))
    assert world.apply().converged
    for ids in world.ours().values():
        world.edit(ids[0], lambda live: live | {"sourceSpec": {"by": "hand"}})
    plan = world.plan()
    assert {action.cause for action in plan.actions} == {Cause.DRIFT}  # the read-back of a repair waits
    wire = Counting(world)
    report = world.apply(plan)
    repaired = [result for result in report.results if result.outcome is OutcomeName.UPDATED]
    assert (report.converged, len(repaired), wire.most) == (True, 20, concurrency)


class Counting:
    """Counts the requests that are in flight; the first ones wait until as many as may be are."""

    def __init__(self, world: World) -> None:
        self.lock = threading.Condition()
        self.now = self.most = 0
        self.enough = world.network.concurrency
        world.tap.before, world.tap.after = self.begins, self.ends

    def begins(self, _request: httpx.Request) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.lock.notify_all()
            if self.most < self.enough:
                self.lock.wait_for(lambda: self.most >= self.enough, LONG)

    def ends(self, *_: Any) -> None:
        with self.lock:
            self.now -= 1


def test_no_write_is_sent_before_its_intent_was_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, [source(f"s{number:02}") for number in range(12)], network=Network(concurrency=4))
    flushed, sent = [b""], list[tuple[str, bool]]()

    def flush(_: int) -> None:
        flushed.append(b"".join(file.read_bytes() for file in tmp_path.rglob("*.jsonl")))

    def look(request: httpx.Request) -> None:
        if request.method in ("POST", "PUT") and "Specs" in request.url.path:
            intent = b'"sent":"%s"' % digest(decode(request.content)).encode()
            sent.append((request.method, any(intent in lines for lines in flushed)))

    monkeypatch.setattr(os, "fsync", flush)
    world.tap.before = look
    assert world.apply().converged
    for ids in world.ours().values():
        world.edit(ids[0], lambda live: live | {"sourceSpec": {"by": "hand"}})
    assert world.apply().converged
    assert all(was_flushed for _, was_flushed in sent)
    assert {method for method, _ in sent} == {"POST", "PUT"}
