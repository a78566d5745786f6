from __future__ import annotations

from typing import Any

import pytest

from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.trying.repeating import repeating
from tests.providers.reading import an_api


@pytest.mark.parametrize(
    ("faults", "method", "retries", "status"),
    [
        ([{"request": 1, "status": 429}], "GET", True, 200),
        ([{"request": 1, "status": 429}], "GET", False, 429),
        ([{"request": 1, "status": 404}], "GET", True, 404),
        ([{"request": 1, "status": 503}, {"request": 2, "status": 500}], "POST", True, 200),
        ([{"after": 0, "status": 503}], "GET", True, 503),
        ([{"request": 1, "reset": True}], "GET", False, 200),
        ([{"request": 1, "reset": True}], "POST", True, None),
        ([{"after": 0, "reset": True}], "GET", True, None),
    ],
)
def test_a_request_is_repeated_as_one_to_the_third_party(
    faults: list[Any], method: str, retries: bool, status: int | None
) -> None:
    stub = an_api({"style": "offset"}, method=method, faults=faults)
    answer = repeating(stub.answer, lambda: retries, 3)(Request(method, "https://h/items"))
    assert (answer.status if isinstance(answer, Answer) else None) == status


def test_the_time_is_that_of_all_attempts_of_which_there_are_only_so_many() -> None:
    stub = an_api({"style": "offset"}, faults=[{"after": 0, "delay": 2, "reset": True}])
    answer = repeating(stub.answer, lambda: True, 3)(Request("GET", "https://h/items"))
    assert isinstance(answer, NoAnswer)
    assert answer.milliseconds == 4 * 2000
