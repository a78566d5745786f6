"""One seed from its beginning to its laws."""

from __future__ import annotations

from tests.simulation.laws import check_end, check_ids, check_run, check_waits
from tests.simulation.scenario import Scenario


def play(seed: int) -> Scenario:
    """Play one seed. Raises LawBroken, or whatever else escaped, when something does not hold."""
    scenario = Scenario(seed)
    try:
        _play(scenario)
    finally:
        scenario.close()
    return scenario


def _play(scenario: Scenario) -> None:
    rng = scenario.rng
    if rng.random() < 0.6:
        check_run(scenario, scenario.apply())
        scenario.clock.advance(30.0)
        scenario.change_the_repository()
    for _ in range(rng.randint(1, 4)):
        scenario.disturb()
        run = scenario.apply(chance=rng.choice([0.0, 0.05, 0.15, 0.35]), death=rng.choice([0.0, 0.0, 0.02, 0.06]))
        check_run(scenario, run)
        scenario.clock.advance(rng.uniform(0, 30))
    scenario.quiet_down()
    check_ids(scenario)
    scenario.rivals.finish(scenario.flow_id)
    scenario.clock.clear()
    if rng.random() < 0.2:
        scenario.hide_one()
    for _ in range(2):
        run = scenario.apply()
        check_run(scenario, run)
        scenario.clock.advance(20.0)
    scenario.model.unlisted.clear()
    check_end(scenario)
    check_waits(scenario)
