"""Times in UTC."""

from datetime import UTC, datetime

import pytest

from reconciler.documents.shapes import Misfit
from reconciler.proofs.moments import utc


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-05", datetime(2024, 1, 5, tzinfo=UTC)),
        ("2024-01-05T06:07Z", datetime(2024, 1, 5, 6, 7, tzinfo=UTC)),
        ("2024-01-05T06:07:08+00:00", datetime(2024, 1, 5, 6, 7, 8, tzinfo=UTC)),
        ("2024-01-05T06:07:08.5Z", datetime(2024, 1, 5, 6, 7, 8, 500_000, tzinfo=UTC)),
    ],
)
def test_a_time_is_read(text: str, moment: datetime) -> None:
    assert utc(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "2024-01-05T06:07:08",
        "2024-01-05T06:07:08+01:00",
        "2024-01-05 06:07:08Z",
        "2024-13-05",
        "2024-01-05T24:00:01Z",
        "2024-01-05\n",
    ],
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Misfit) as refused:
        utc(text)
    assert refused.value.hint == 'write UTC, in quotes: "2024-01-05T00:00:00Z"'
