"""Waits of a proof, on a clock that only sleeping moves."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from reconciler.applying.stopping import Stop
from reconciler.errors import ExitCode
from reconciler.proving.waiting import Interruption, Waits, in_words


@dataclass
class Clock:
    time: float = 0.0
    sleeps: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds


@dataclass
class Lines:
    lines: list[str] = field(default_factory=list)

    def step(self, message: str) -> None:
        self.lines.append(message)

    def wrote(self, action: object, done: int, total: int) -> None:
        raise AssertionError(action, done, total)


def waits(clock: Clock, stop: Stop | None = None, lines: Lines | None = None, poll: float = 5.0) -> Waits:
    return Waits(clock, poll, stop or Stop(), lines or Lines())


def test_looks_come_every_five_seconds_and_after_a_minute_every_fifteen() -> None:
    clock = Clock()
    at = [clock.time for _ in waits(clock).looks("the run", 100)]
    assert at == [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 75, 90, 100]


def test_the_first_look_is_at_once_and_no_wait_follows_the_last() -> None:
    clock = Clock()
    for _ in waits(clock).looks("the run", 100):
        break
    assert clock.sleeps == []


def test_a_signal_ends_a_wait_within_a_second() -> None:
    clock, stop = Clock(), Stop()
    looks = waits(clock, stop).looks("the run", 100)
    next(looks)
    stop.request(ExitCode.SIGINT)
    with pytest.raises(Interruption):
        next(looks)
    assert clock.time <= 1


def test_a_log_has_a_line_at_the_beginning_and_then_one_a_minute() -> None:
    clock, lines = Clock(), Lines()
    work = waits(clock, lines=lines)
    work.at("members: run, step 12 of 16")
    for _ in work.looks("the run of the flow", 130):
        clock.time += 0.2  # a look takes time, too
    told = [line for line in lines.lines if line.startswith("waiting")]
    assert told == [
        "waiting for the run of the flow (0s), members: run, step 12 of 16",
        "waiting for the run of the flow (1m 2s), members: run, step 12 of 16",
        "waiting for the run of the flow (2m 3s), members: run, step 12 of 16",
    ]
    assert lines.lines[0] == "members: run, step 12 of 16, 0s"


def test_every_wait_of_a_proof_has_its_own_first_line() -> None:
    clock, lines = Clock(), Lines()
    work = waits(clock, lines=lines)
    for what in ("the first run", "the second run"):
        assert list(work.looks(what, 70))
    told = [line.split(" (")[0] for line in lines.lines if line.startswith("waiting")]
    assert told == [*["waiting for the first run"] * 2, *["waiting for the second run"] * 2]


def test_a_service_that_is_asked_without_a_pause_does_not_spin() -> None:
    clock = Clock()
    assert len(list(waits(clock, poll=0.0).looks("the run", 1))) <= 101


def test_durations_in_words() -> None:
    assert [in_words(seconds) for seconds in (0.4, 12, 60, 3599, 3600, 7525)] == [
        "0s",
        "12s",
        "1m 0s",
        "59m 59s",
        "1h",
        "2h 5m",
    ]
