"""Items that are looked at beside each other: as many at once as there may be, and results in their order."""

from __future__ import annotations

import threading

import pytest

from reconciler.observing.live import in_parallel

MEETING_SECONDS = 10


@pytest.mark.parametrize(("items", "concurrency", "at_once"), [(1, 4, 1), (2, 4, 2), (4, 4, 4), (9, 3, 3), (2, 1, 1)])
def test_as_many_as_may_run_at_once_and_results_keep_their_order(items: int, concurrency: int, at_once: int) -> None:
    meeting, lock, running, most = threading.Barrier(at_once), threading.Lock(), 0, 0

    def look(item: int) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        meeting.wait(MEETING_SECONDS)
        with lock:
            running -= 1
        return f"seen {item}"

    assert in_parallel(look, range(items), concurrency) == [f"seen {item}" for item in range(items)]
    assert most == at_once


def test_the_calling_thread_looks_at_one_of_two() -> None:
    threads = in_parallel(lambda _: threading.current_thread(), ("flow specs", "connection specs"), 4)
    assert threads[0] is threading.current_thread()
    assert threads[1] is not threads[0]


def test_an_error_is_raised_once_the_others_have_ended() -> None:
    ended = threading.Event()

    def look(item: int) -> None:
        if item:
            begun.wait(MEETING_SECONDS)
            ended.set()
            return
        begun.set()
        raise LookupError

    begun = threading.Event()
    with pytest.raises(LookupError):
        in_parallel(look, (0, 1), 2)
    assert ended.is_set()
