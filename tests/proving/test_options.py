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


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (ProveOptions(skip=("cleanup",)), "use --keep-resources to leave the resources in place"),
        (ProveOptions(skip=("spec",)), "leave out --skip spec"),
        (ProveOptions(skip=("flow",)), "also pass --skip run"),
        (ProveOptions(only=("expore",)), "did you mean 'explore'?"),
    ],
)
def test_each_refusal_has_a_next_step(options: ProveOptions, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        options.steps()
    assert hint in str(refused.value.hint)


def test_steps_that_are_always_taken_may_be_asked_for() -> None:
    assert ProveOptions(only=("spec",)).steps() == ("try", "spec", "cleanup")
    assert ProveOptions(only=("cleanup",)).steps() == ("try", "spec", "cleanup")
    assert ProveOptions(only=("try",)).steps() == ("try", "spec", "cleanup")


def test_a_step_and_what_it_needs_may_both_be_asked_for() -> None:
    steps = ProveOptions(only=("flow", "source", "connection")).steps()
    assert steps == tuple(step for step in BATCH_STEPS if step in steps)
    assert {"connection", "source", "schema", "dataset", "target", "mapping", "flow"} <= set(steps)


def test_without_a_trial_and_a_schema_step_the_order_stays() -> None:
    steps = ProveOptions(no_try=True, only=("source",)).steps()
    assert steps == ("spec", "connection", "source", "cleanup")
    without_check = ProveOptions(no_try=True, skip=("mapping-check",)).steps()
    assert without_check.index("schema") == without_check.index("explore") + 1
    assert "mapping-check" not in without_check
    assert sorted(without_check) == sorted(set(BATCH_STEPS) - {"try", "mapping-check"})
