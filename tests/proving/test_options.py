"""The steps that the options of `prove` choose."""

from __future__ import annotations

import pytest

from reconciler.errors import UsageError
from reconciler.proving.options import BATCH_STEPS, ProveOptions


def test_all_steps_are_taken_in_order() -> None:
    assert ProveOptions().steps() == BATCH_STEPS


def test_only_takes_what_a_step_needs_too() -> None:
    assert ProveOptions(only=("explore",)).steps() == ("try", "spec", "connection", "explore", "cleanup")
    assert "flow" in ProveOptions(only=("count",)).steps()
    assert "windows" not in ProveOptions(only=("count",)).steps()


def test_a_skipped_step_is_left_out() -> None:
    assert "auth" not in ProveOptions(skip=("auth",)).steps()


def test_without_a_trial_the_records_come_from_the_preview() -> None:
    steps = ProveOptions(no_try=True).steps()
    assert "try" not in steps
    assert steps.index("schema") == steps.index("explore") + 1
    assert steps.index("mapping-check") == steps.index("explore") + 2
    assert steps.index("dataset") > steps.index("schema")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ProveOptions(skip=("flwo",)), "unknown step 'flwo'"),
        (ProveOptions(only=("x",)), "unknown step 'x'"),
        (ProveOptions(only=("run",), skip=("auth",)), "--only and --skip exclude each other"),
        (ProveOptions(skip=("flow",)), "the step run needs flow, which is skipped"),
        (ProveOptions(skip=("cleanup",)), "the step cleanup cannot be skipped"),
    ],
)
def test_steps_that_cannot_be_taken_are_refused(options: ProveOptions, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        options.steps()
