"""Turns of several threads: one at a time, and no thread waits for long."""

from __future__ import annotations

import threading

import pytest

from reconciler.http.turns import Turns

LONG = 60.0


def test_it_is_the_turn_of_one_thread_at_a_time() -> None:
    turns, order = Turns(LONG), list[str]()

    def second() -> None:
        with turns.one():
            order.append("second")

    other = threading.Thread(target=second)
    with turns.one():
        other.start()
        assert turns.is_taken
        order.append("first")
    other.join()
    assert (order, turns.is_taken) == (["first", "second"], False)


def test_a_turn_that_takes_too_long_is_not_waited_for_and_not_ended_by_another() -> None:
    turns, came = Turns(0), list[bool]()

    def second() -> None:
        with turns.one():
            came.append(True)

    other = threading.Thread(target=second)
    with turns.one():
        other.start()
        other.join()
        assert (came, turns.is_taken) == ([True], True)
    assert not turns.is_taken


def test_an_error_ends_the_turn() -> None:
    turns = Turns(LONG)
    with pytest.raises(ZeroDivisionError), turns.one():
        _ = 1 / 0
    assert not turns.is_taken
