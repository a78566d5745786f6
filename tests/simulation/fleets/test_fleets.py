"""Some worlds of five targets in two organizations, each from its seed; and what keeps their order broken on purpose."""

from __future__ import annotations

import os

import pytest

from reconciler.applying.waves import TurnState
from tests.simulation.fleets.mutations import MUTATIONS
from tests.simulation.fleets.play import play
from tests.simulation.mutations import Mutation
from tests.simulation.promises import LawBroken

SEEDS, BATCH = 24, 8
PATIENCE = 150


@pytest.fixture(autouse=True)
def fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation's disk does not fail, so there is nothing to wait for."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_the_laws_hold_whatever_happens_to_a_fleet(first: int) -> None:
    runs = [run for seed in range(first, first + BATCH) for run in play(seed).runs]
    assert any(run.wire.dead for run in runs)
    assert {TurnState.ENDED, TurnState.NOT_STARTED} <= {end.end.state for run in runs for end in run.ends or ()}


def test_the_same_seed_gives_the_same_run() -> None:
    first, second = play(3), play(3)
    assert [run.events for run in first.runs] == [run.events for run in second.runs]
    assert [run.wire.spans for run in first.runs] == [run.wire.spans for run in second.runs]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_an_order_that_is_broken_is_noticed(mutation: Mutation) -> None:
    with mutation.applied():
        for seed in (mutation.seed, *range(PATIENCE)):
            try:
                play(seed)
            except LawBroken:
                return
    pytest.fail(f"nothing noticed in {PATIENCE} seeds that {mutation.name}")
