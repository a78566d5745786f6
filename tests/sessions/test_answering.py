from __future__ import annotations

import pytest

from reconciler.sessions.answering import seconds_between


@pytest.mark.parametrize(
    ("delay", "whole", "seconds"), [(0, False, 0.0), (850, False, 0.85), (5_000, False, 1.0), (5_000, True, 5.0)]
)
def test_a_trial_waits_as_a_run_does_but_a_second_at_most(delay: int, whole: bool, seconds: float) -> None:
    assert seconds_between(delay, whole=whole) == seconds
