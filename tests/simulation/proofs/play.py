"""One seed from its beginning to its laws."""

from __future__ import annotations

import random
from collections.abc import Collection

from reconciler.proving.options import ProveOptions
from tests.simulation.proofs.laws import check_command, check_end, check_last, check_quiet
from tests.simulation.proofs.process import Ended, Order
from tests.simulation.proofs.world import MACHINES, World

MOMENTS = {"request": 120, "answer": 120, "fsync": 60, "sleep": 60, "step": 40}
"""The kinds of moments at which a process may be killed, and about how many of each a proof has."""


def play(seed: int, habits: Collection[str] = ()) -> World:
    """Play one seed, in which these habits are certain. Raises LawBroken, or whatever else escaped, when something does not hold."""
    world = World(seed, habits)
    try:
        with world.playing():
            play_in(world)
    finally:
        world.close()
    return world


def play_in(world: World) -> None:
    """Play what a world has drawn, from its beginning to its laws."""
    rng = random.Random(f"{world.seed} play")  # noqa: S311 - a simulation
    for number in range(rng.choice([1, 1, 2, 3])):
        if rng.random() < 0.12:
            orders = [_order(world, rng, f"{number}-{machine}", machine) for machine in MACHINES]
            for ended in world.together(*orders):
                check_command(world, ended)
        else:
            check_command(world, world.command(_order(world, rng, str(number), rng.choice(("laptop", "laptop", "ci")))))
        world.clock.advance(rng.choice([0.0, 10.0, 700.0, 8_000.0]))
    world.quiet_down()
    check_quiet(world)
    check_command(world, world.command(Order("last-cleanup", rng.choice(MACHINES))))
    check_end(world)
    if rng.random() < 0.25:
        ended = world.command(Order("last-proof", "laptop", ProveOptions(keep=True, older_than=0.0)))
        check_command(world, ended)
        check_last(world, ended)


def _order(world: World, rng: random.Random, name: str, machine: str) -> Order:
    """What comes next: mostly a proof; after one that did not end, it is gone on with or cleaned up."""
    chance = rng.choice([0.0, 0.0, 0.02, 0.06, 0.15])
    death = _death(rng) if rng.random() < 0.45 else ("", 0)
    stop_at = rng.randint(20, 110) if rng.random() < 0.06 else 0
    if world.has & {"late", "lost"}:
        chance, death, stop_at = 0.15, ("", 0), 0
    if "careful" in world.has:
        chance, stop_at = 0.0, 0
    unfinished = [ended for ended in world.ended if ended.killed and ended.order.options is not None]
    if "clean-ups" in world.has and unfinished:
        return Order(name, machine, None, "all", 7_200.0)
    if unfinished and rng.random() < 0.3:
        runs, older = rng.choice([("all", 0.0), ("all", 7_200.0), *((run, 7_200.0) for run in _runs(world))])
        keys = rng.choice([(), ("acme-members",)])
        return Order(name, machine, None, runs, older, keys, chance, death, stop_at)
    options = ProveOptions(
        only=rng.choice([()] * 19 + [("auth",)]),
        no_try=rng.random() < (0.15 if world.source.is_right else 0.7),
        wait=rng.choice([120.0, 900.0]),
        keep=rng.random() < 0.5,
        keep_resources=rng.random() < 0.06,
        older_than=rng.choice([7_200.0, 600.0]),
    )
    if unfinished and rng.random() < 0.6:
        options = ProveOptions(resume="", wait=900.0, keep=True)
        machine = unfinished[-1].order.machine
    return Order(name, machine, options, chance=chance, death=death, stop_at=stop_at)


def _runs(world: World) -> list[str]:
    return [run for run in world.ours() if run]


def _death(rng: random.Random) -> tuple[str, int]:
    moment = rng.choice(sorted(MOMENTS))
    return moment, rng.randint(1, MOMENTS[moment])


def summary(ended: Ended) -> str:
    """One command in a line, for people."""
    word = "killed" if ended.killed else str(ended.error) if ended.error else ended.report.outcome if ended.report else "cleaned"
    return f"{ended.order.name} on {ended.order.machine}: {word} ({ended.code}), {ended.requests} requests, {ended.faults} faults"
