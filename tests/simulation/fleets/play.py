"""One seed of a fleet, from its beginning to its laws."""

from __future__ import annotations

from tests.simulation.fleets.laws import check_end, check_quiet, check_run, edited_one_after_another
from tests.simulation.fleets.threads import fleet_stage
from tests.simulation.fleets.wire import SANDBOXES, Fate
from tests.simulation.fleets.world import WINDOW, FleetRun, World

_STEPS = 90
"""About as many requests as a run of a fleet has."""


def play(seed: int) -> World:
    """Play one seed. Raises LawBroken, or whatever else escaped, when something does not hold."""
    world = World(seed)
    try:
        with fleet_stage(world.clock, world.rng):
            play_in(world)
    finally:
        world.close()
    return world


def play_in(world: World) -> None:
    """Play what a world has drawn."""
    rng = world.rng
    for _ in range(rng.randint(1, 4)):
        world.meddle()
        left_out = {name for name in SANDBOXES if rng.random() < 0.5} if rng.random() < 0.3 else set()
        check_run(world, world.apply(_fate(world), rng.choice([1, 1, 2, None]), left_out))
        world.clock.advance(rng.uniform(0, 20))
        if rng.random() < 0.5:
            world.commit()
    quiet_end(world)


def quiet_end(world: World) -> None:
    """The faults have stopped; what is refused for what a killed run may have created is agreed on. Two runs are enough.

    Only a spec that somebody edited in several targets, one after another, takes one more for each further one: drift opens the gate behind
    it in the run after the one that overwrites it.
    """
    world.clock.advance(60.0 + WINDOW)
    world.allow_creates = True
    first = _quiet_run(world)
    for _ in range(max(1, edited_one_after_another(world, first))):
        _quiet_run(world)
    check_end(world)


def _quiet_run(world: World) -> FleetRun:
    run = world.apply(Fate(), None)
    check_run(world, run)
    check_quiet(run)
    world.clock.advance(20.0)
    return run


def _fate(world: World) -> Fate:
    rng = world.rng
    return Fate(
        chance=rng.choice([0.0, 0.0, 0.03, 0.15]),
        kill_at=rng.randint(1, _STEPS) if rng.random() < 0.4 else None,
        kill_after=rng.random() < 0.5,
        stop_at=rng.randint(1, _STEPS) if rng.random() < 0.2 else None,
        sick=frozenset(name for name in SANDBOXES if rng.random() < 0.08),
    )
