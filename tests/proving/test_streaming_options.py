"""The steps of a streaming source: which are taken, and which need others."""

from __future__ import annotations

import pytest

from reconciler.errors import UsageError
from reconciler.proving.options import BATCH_STEPS, STREAMING_STEPS, ProveOptions
from reconciler.proving.steps.table import STEPS


def test_all_steps_are_taken_in_order() -> None:
    assert ProveOptions().steps(streaming=True) == STREAMING_STEPS
    assert ProveOptions().whole(streaming=True) == STREAMING_STEPS
    assert ProveOptions(no_try=True).steps(streaming=True) == STREAMING_STEPS


def test_each_step_can_be_taken() -> None:
    assert {*BATCH_STEPS, *STREAMING_STEPS} - {"cleanup"} == set(STEPS)


def test_a_step_is_taken_with_those_that_it_needs() -> None:
    steps = ProveOptions(only=("send",)).steps(streaming=True)
    assert steps == ("spec", "schema", "dataset", "source", "target", "mapping", "flow", "inlet", "wait", "send", "cleanup")


@pytest.mark.parametrize(
    ("options", "streaming", "said"),
    [
        (ProveOptions(only=("explore",)), True, "a streaming source has no step explore"),
        (ProveOptions(skip=("landed",)), False, "a batch source has no step landed"),
        (ProveOptions(skip=("send",)), True, "the step auth-tests needs send, which is skipped"),
        (ProveOptions(skip=("nope",)), True, "--skip: unknown step 'nope'"),
    ],
)
def test_a_step_that_cannot_be_taken_or_left_out_is_named(options: ProveOptions, streaming: bool, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        options.steps(streaming=streaming)


def test_a_part_of_the_steps_is_not_the_whole() -> None:
    assert set(ProveOptions(skip=("auth-tests",)).steps(streaming=True)) < set(STREAMING_STEPS)
    assert ProveOptions(skip=("auth-tests",)).whole(streaming=True) == STREAMING_STEPS
