from __future__ import annotations

import time

from reconciler.http.clock import SystemClock


def test_a_sleep_of_no_length_returns() -> None:
    SystemClock().sleep(-1)
    SystemClock().sleep(0)


def test_the_systems_time_is_the_machines() -> None:
    clock = SystemClock()
    before = time.time()
    assert before <= clock.now() <= time.time()
    first = time.monotonic()
    assert first <= clock.monotonic() <= time.monotonic()
