"""What is read before it is needed: each thing once, beside each other or in turn, and its error where it is needed."""

from __future__ import annotations

import threading

import pytest

from reconciler.http.ahead import Ahead


def test_what_was_begun_is_taken_once() -> None:
    ahead = Ahead[str, str]()
    ahead.begin(str.upper, ["a", "b"], 2)
    assert [ahead.take("b"), ahead.take("a"), ahead.take("a"), ahead.take("c")] == ["B", "A", None, None]


def test_nothing_is_begun_twice() -> None:
    asked: list[str] = []

    def read(name: str) -> str:
        asked.append(name)
        return name

    ahead = Ahead[str, str]()
    ahead.begin(read, ["a"], 2)
    ahead.begin(read, ["a", "b"], 2)
    assert [ahead.take("a"), ahead.take("b")] == ["a", "b"]
    assert sorted(asked) == ["a", "b"]


def test_two_are_read_beside_each_other() -> None:
    both = threading.Barrier(2, timeout=60)
    ahead = Ahead[str, int]()
    ahead.begin(lambda _: both.wait(), ["a", "b"], 2)
    assert {ahead.take("a"), ahead.take("b")} == {0, 1}


def test_with_a_concurrency_of_one_they_are_read_in_turn() -> None:
    names = Ahead[str, int]()
    names.begin(lambda _: threading.get_ident(), ["a", "b"], 1)
    assert names.take("a") == names.take("b") != threading.get_ident()


def test_an_error_is_raised_where_the_answer_is_needed() -> None:
    def read(_name: str) -> str:
        raise ZeroDivisionError

    ahead = Ahead[str, str]()
    ahead.begin(read, ["a", "b"], 1)
    for name in ("a", "b"):
        with pytest.raises(ZeroDivisionError):
            ahead.take(name)
