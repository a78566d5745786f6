"""The fields that an answer of a code host must have."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.errors import ServiceError
from reconciler.http.code_hosts import Fields


def fields(answer: Any) -> Fields:
    return Fields(answer, "GitHub GET /x", ServiceError, "check GITHUB_API_URL")


@pytest.mark.parametrize("answer", [{"number": True}, {"number": "1"}, {"number": None}, {"number": 1.0}, {}, [], None])
def test_an_answer_without_the_number_is_refused(answer: Any) -> None:
    with pytest.raises(ServiceError, match=r"^GitHub GET /x returned no number$") as refused:
        fields(answer).number("number")
    assert refused.value.hint == "check GITHUB_API_URL"


def test_a_number_may_be_zero() -> None:
    assert fields({"number": 0}).number("number") == 0


def test_only_a_null_that_the_host_says_is_null() -> None:
    assert fields({"sha": None}).text_or_null("sha") is None
    for answer in ({}, {"sha": 1}, None):
        with pytest.raises(ServiceError, match="returned no sha"):
            fields(answer).text_or_null("sha")
