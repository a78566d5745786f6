"""The clock of a service, from the `Date` of its answers."""

from __future__ import annotations

from typing import Final

import pytest

from reconciler.http.messages import Answer
from reconciler.http.served_time import ServedTime

NOON: Final = 1_445_428_800.0  # Wed, 21 Oct 2015 12:00:00 GMT


def answer(date: str | None) -> Answer:
    return Answer(200, {} if date is None else {"date": date}, b"", "r-1")


def test_an_answer_sets_the_clock_which_goes_on() -> None:
    served = ServedTime()
    served.note(answer("Wed, 21 Oct 2015 12:00:00 GMT"), 100.0)
    assert (served.now(100.0), served.now(160.0)) == (NOON, NOON + 60)


@pytest.mark.parametrize("date", [None, "", "soon", "Wed, 99 Oct 2015 12:00:00 GMT"])
def test_an_answer_without_a_date_says_nothing(date: str | None) -> None:
    served = ServedTime()
    served.note(answer(date), 100.0)
    assert served.now(100.0) is None


def test_an_answer_that_was_kept_on_its_way_does_not_set_the_clock_back() -> None:
    served = ServedTime()
    served.note(answer("Wed, 21 Oct 2015 12:00:00 GMT"), 100.0)
    served.note(answer("Wed, 21 Oct 2015 09:00:00 GMT"), 110.0)
    assert served.now(110.0) == NOON + 10
