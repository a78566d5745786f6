"""What an apply says of a PUT whose effect it cannot read back, or only with difficulty."""

from __future__ import annotations

from pathlib import Path

from reconciler.applying.outcome import OutcomeName
from reconciler.emulator import Behaviour, Fault
from tests.applying.stories import applied
from tests.applying.world import changed, errors, outcomes


def test_a_put_that_was_done_and_cannot_be_read_back_is_not_called_failed(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    made = world.plan()
    world.emulator.service.faults.set([Fault(path="/connectionSpecs/*", method="GET", after=1, status=400)])
    report = world.apply(made)
    assert (outcomes(report)["a"], errors(report)["a"]) == (OutcomeName.NOT_CONVERGED, "not-confirmed")


def test_a_lost_put_that_cannot_be_read_back_is_unknown(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    made = world.plan()
    rules = [
        Fault(path="/connectionSpecs/*", method="PUT", break_off="after"),
        Fault(path="/connectionSpecs/*", method="GET", after=1, status=400),
    ]
    world.emulator.service.faults.set(rules)
    assert outcomes(world.apply(made))["a"] is OutcomeName.UNKNOWN


def test_a_lost_put_is_known_by_its_effect_where_the_time_of_change_stands_still(tmp_path: Path) -> None:
    world = applied(tmp_path, behaviour=Behaviour(updated_at_not_bumped=True))
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    world.emulator.service.faults.set([Fault(path="/connectionSpecs/*", method="PUT", times=1, break_off="after")])
    assert (world.apply().converged, len(world.writes())) == (True, 1)
