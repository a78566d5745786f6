"""Two thousand worlds, each from its seed; the seeds that found something; and guards broken on purpose, which must be noticed."""

from __future__ import annotations

import os

import pytest

from reconciler.errors import ServiceError
from tests.simulation.mutations import MUTATIONS, Mutation
from tests.simulation.play import play, play_in
from tests.simulation.promises import LawBroken
from tests.simulation.scenario import Scenario
from tests.simulation.stage import stage

SEEDS, BATCH = 2_000, 100
PATIENCE = 4_000

FOUND = {
    3: "the journal said POST of the PUT that settles what a service does not keep",
    91: "a stale GET before the PUT of a shared flow spec took out a rival's id",
}


@pytest.fixture(autouse=True)
def fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation's disk does not fail, so there is nothing to wait for."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def replay(seed: int) -> None:
    try:
        play(seed)
    except Exception as error:
        error.add_note(f"seed {seed}; replay it with: python -m tests.simulation {seed}")
        raise


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_the_laws_hold_whatever_happens(first: int) -> None:
    for seed in range(first, first + BATCH):
        replay(seed)


@pytest.mark.parametrize("habit", [{"workers"}, {"two-applies"}, {"workers", "two-applies", "stale-gets", "copied-markers"}])
def test_the_same_seed_gives_the_same_bytes(habit: set[str]) -> None:
    """However many threads take turns, and whether or not a law is broken."""
    for seed in range(10, 20):
        assert story(seed, habit) == story(seed, habit)


def story(seed: int, habits: set[str]) -> str:
    """All that happened in a world, and how it ended."""
    scenario = Scenario(seed, habits)
    try:
        with stage(scenario.clock):
            play_in(scenario)
        end = ""
    except Exception as error:  # noqa: BLE001 - also how a law is broken is to be the same
        end = repr(error)
    finally:
        scenario.close()
    told = f"{scenario.model.log} {[run.report for run in scenario.runs]} {end}"
    return told.replace(str(scenario.folder), "")


@pytest.mark.parametrize("seed", FOUND, ids=FOUND.__getitem__)
def test_a_seed_that_found_something_finds_it_no_more(seed: int) -> None:
    replay(seed)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_guard_that_is_broken_is_noticed(mutation: Mutation) -> None:
    with mutation.applied():
        for seed in (mutation.seed, *range(PATIENCE)):
            try:
                play(seed, mutation.habits)
            except (LawBroken, ServiceError):
                return
    pytest.fail(f"nothing noticed in {PATIENCE} seeds that {mutation.name}")
