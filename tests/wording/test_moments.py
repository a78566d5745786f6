from __future__ import annotations

import pytest

from reconciler.wording.moments import left_words

HOUR = 3_600


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1m"),
        (60, "1m"),
        (61, "2m"),
        (HOUR, "60m"),
        (HOUR + 1, "2h"),
        (5 * HOUR, "5h"),
        (48 * HOUR, "48h"),
        (48 * HOUR + 1, "3d"),
        (90 * 24 * HOUR, "90d"),
    ],
)
def test_what_is_left_is_never_said_to_be_less(seconds: int, words: str) -> None:
    assert left_words(seconds) == words
