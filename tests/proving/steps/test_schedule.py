"""The step `schedule`: two runs of a second flow read every record once."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reconciler.dataflows.resources import RunState
from reconciler.proving.steps.schedule import _disjoint
from reconciler.proving.steps.work import Result
from tests.sessions.proofs.laptop import PROOF, SPEC, laptop

SCHEDULED = PROOF + "flow: {schedule: true}\n"


def state(read: int | None, *window: Any, failed: int | None = 0) -> RunState:
    metrics = dict(zip(("windowStartTime", "windowEndTime"), window, strict=False))
    return RunState("r", "success", ended=True, succeeded=True, input=read, output=read, failed=failed, metrics=metrics)


def disjoint(one: RunState, other: RunState, *, tried: int | None = 237, has_schedule: bool = True) -> Result:
    trial = None if tried is None else SimpleNamespace(records=tried)
    work: Any = SimpleNamespace(trial=trial, subject=SimpleNamespace(has_schedule=has_schedule))
    return _disjoint(work, one, other)


def test_a_schedule_is_proved_by_a_second_flow_that_is_deleted_again(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=SCHEDULED) as here:
        began = here.clock.time
        report = here.prove()
        assert report.outcome == "proved", report.steps
        (why,) = [step.why for step in report.steps if step.id == "schedule"]
        assert why == "the runs read 237 records and 0, and the trial 237: nothing was read twice"
        assert here.clock.time - began > 15 * 60
        assert here.left() == {"mappingSets": 1}


def test_a_source_without_time_ranges_reads_everything_in_each_run(tmp_path: Path) -> None:
    spec = (
        SPEC[: SPEC.index("      scheduleParams:")]
        + SPEC[SPEC.index("    spec:\n      type: object\n      properties: {listId") :]
    )
    proof = PROOF[: PROOF.index("  windows")] + "targets: [local]\nflow: {schedule: true}\n"
    with laptop(tmp_path, spec=spec, proof=proof) as here:
        assert here.prove().outcome == "proved"


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (state(237, 0, 900), state(3, 900, 1800), "proved"),
        (state(3, 900, 1800), state(237, 0, 900), "proved"),
        (state(237, 0, 900), state(3, 899, 1800), "failed"),
        (state(237, 0, 900), state(237, 0, 900), "failed"),
    ],
)
def test_time_ranges_that_the_service_shows_must_not_overlap(one: RunState, other: RunState, outcome: str) -> None:
    assert disjoint(one, other).outcome == outcome


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (237, 0, "proved"),
        (237, 237, "failed"),
        (100, 237, "failed"),
        (237, 300, "failed"),
        (237, 4, "unknown"),
        (0, 0, "unknown"),
        (100, 0, "unknown"),
        (None, 0, "unknown"),
        (237, None, "unknown"),
    ],
)
def test_without_time_ranges_the_records_tell(first: int | None, second: int | None, outcome: str) -> None:
    assert disjoint(state(first), state(second)).outcome == outcome
    assert disjoint(state(first, True, True), state(second, "0", "900")).outcome == outcome  # not times


@pytest.mark.parametrize("tried", [None, 0])
def test_without_a_number_of_the_trial_nothing_can_be_told(tried: int | None) -> None:
    assert disjoint(state(0), state(0), tried=tried).outcome == "unknown"


@pytest.mark.parametrize(("first", "second", "outcome"), [(237, 237, "proved"), (237, 0, "failed"), (100, 100, "failed")])
def test_without_schedule_params_both_runs_read_all(first: int, second: int, outcome: str) -> None:
    assert disjoint(state(first), state(second), has_schedule=False).outcome == outcome


def test_a_record_that_could_not_be_written_is_not_proved() -> None:
    result = disjoint(state(237), state(0, failed=1))
    assert (result.outcome, result.why) == ("failed", "run r: 1 record could not be written")
