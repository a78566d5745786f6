"""Proofs in drawn worlds: a part of them in every run of the tests, all of them in a soak; and guards broken on purpose."""

from __future__ import annotations

import pytest

from tests.simulation.mutations import Mutation
from tests.simulation.promises import LawBroken
from tests.simulation.proofs.mutations import MUTATIONS
from tests.simulation.proofs.play import play, play_in, summary
from tests.simulation.proofs.world import World

SEEDS, BATCH = 40, 20
PATIENCE = 120

FOUND = {
    29: "a service whose clock is a day ahead started no run",
    900132: "a proof began beside another, because the clock of the service is a day ahead",
    500302: "a lost POST of a mapping set landed beside the one that was sent in its place",
    500117: "a lost POST landed after the one that was sent in its place had been deleted",
    1327: "a run of rows that no mapping fits landed nothing but empty records, and was proved",
}


def replay(seed: int) -> None:
    try:
        play(seed)
    except Exception as error:
        error.add_note(f"seed {seed}; replay it with: python -m tests.simulation.proofs {seed}")
        raise


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_the_laws_hold_whatever_happens(first: int) -> None:
    for seed in range(first, first + BATCH):
        replay(seed)


def test_the_same_seed_gives_the_same_story() -> None:
    assert story(12) == story(12)


def story(seed: int) -> list[str]:
    """All that happened in a world."""
    world = World(seed)
    try:
        with world.playing():
            play_in(world)
    finally:
        world.close()
    return [f"{summary(ended)} {ended.made} {ended.there}" for ended in world.ended]


@pytest.mark.parametrize("seed", FOUND, ids=FOUND.__getitem__)
def test_a_seed_that_found_something_finds_it_no_more(seed: int) -> None:
    replay(seed)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_guard_that_is_broken_is_noticed(mutation: Mutation) -> None:
    with mutation.applied():
        for seed in (mutation.seed, *range(PATIENCE)):
            try:
                play(seed, mutation.habits)
            except LawBroken:
                return
    pytest.fail(f"nothing noticed in {PATIENCE} seeds that {mutation.name}")
