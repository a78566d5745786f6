"""One seed from its beginning to its laws."""

from __future__ import annotations

from collections.abc import Collection

from tests.simulation.habits import ON
from tests.simulation.laws import check_end, check_ids, check_run, check_waits
from tests.simulation.process import Run
from tests.simulation.promises import check_knowledge
from tests.simulation.scenario import Scenario
from tests.simulation.stage import stage


def play(seed: int, habits: Collection[str] = ON) -> Scenario:
    """Play one seed, with some of these habits. Raises LawBroken, or whatever else escaped, when something does not hold."""
    scenario = Scenario(seed, habits)
    try:
        with stage(scenario.clock):
            play_in(scenario)
    finally:
        scenario.close()
    return scenario


def play_in(scenario: Scenario) -> None:
    """Play what a world has drawn, from its beginning to its laws."""
    rng = scenario.rng
    if rng.random() < 0.6:
        for run in _disturbed(scenario, 0.0, 0.0):
            _check(scenario, run)
        scenario.clock.advance(30.0)
        scenario.change_the_repository()
    for _ in range(rng.randint(1, 4)):
        scenario.disturb()
        for run in _disturbed(scenario, rng.choice([0.0, 0.05, 0.15, 0.35]), rng.choice([0.0, 0.0, 0.02, 0.06])):
            _check(scenario, run)
        scenario.clock.advance(rng.uniform(0, 30))
    scenario.quiet_down()
    check_ids(scenario)
    scenario.rivals.finish(scenario.flow_id)
    scenario.clock.clear()
    if rng.random() < 0.2:
        scenario.hide_one()
    for _ in range(2):
        run = scenario.apply()
        _check(scenario, run)
        scenario.clock.advance(20.0)
    scenario.model.unlisted.clear()
    check_end(scenario)
    check_waits(scenario)


def _disturbed(scenario: Scenario, chance: float, death: float) -> list[Run]:
    """One run, or two at once, among faults."""
    if scenario.has & {"two-applies", "two-repositories"} and scenario.more.random() < 0.7:
        return scenario.apply_together(chance=chance, death=death)
    return [scenario.apply(chance=chance, death=death)]


def _check(scenario: Scenario, run: Run) -> None:
    check_run(scenario, run)
    check_knowledge(scenario, run)
