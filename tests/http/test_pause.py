from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.http.pause import Pause, retry_after

NOW = 1_445_412_420.0  # Wed, 21 Oct 2015 07:27:00 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("Wed, 21 Oct 2015 07:28:00 GMT", 60.0),
        ("Wednesday, 21-Oct-15 07:28:00 GMT", 60.0),
        ("Wed Oct 21 07:28:00 2015", 60.0),
        ("Wed, 21 Oct 2015 07:28:00 -0000", 60.0),
        ("Wed, 21 Oct 2015 09:28:00 +0200", 60.0),
        ("Wed, 21 Oct 2015 07:26:00 GMT", None),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
        (" 120 ", 120.0),
        ("1e9", None),
        ("inf", None),
        ("nan", None),
        ("9" * 400, None),
        ("\u0663", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_in_the_future(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text())
def test_retry_after_of_any_text_is_nothing_or_a_time_ahead(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or seconds > 0


def test_a_pause_only_grows() -> None:
    pause = Pause()
    assert pause.left(10.0) == 0
    pause.extend(15.0)
    pause.extend(12.0)
    assert pause.left(10.0) == 5
    assert pause.left(15.0) == 0
