"""The fields that an answer of a code host must have."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.errors import ServiceError
from reconciler.http.code_hosts import Fields, may_have_token, refusal, refusal_hint
from reconciler.http.messages import Method


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


@pytest.mark.parametrize("answer", [{"user": None}, {"user": {"login": None}}])
def test_a_null_above_is_a_null(answer: Any) -> None:
    assert fields(answer).text_or_null("user", "login") is None
    assert fields(answer).number_or_null("user", "login") is None
    with pytest.raises(ServiceError, match=r"returned no user\.login"):
        fields(answer).text("user", "login")


@pytest.mark.parametrize("answer", [{}, {"user": {}}, {"user": []}, {"user": {"login": True}}, [], None])
def test_what_is_not_there_is_no_null(answer: Any) -> None:
    with pytest.raises(ServiceError, match=r"returned no user\.login"):
        fields(answer).text_or_null("user", "login")
    with pytest.raises(ServiceError, match=r"returned no user\.login"):
        fields(answer).number_or_null("user", "login")


@pytest.mark.parametrize("answer", [{"ids": None}, {"ids": "a"}, {"ids": ["a", 1]}, {}, []])
def test_a_list_of_strings_has_nothing_else(answer: Any) -> None:
    assert fields({"ids": ["a"]}).texts("ids") == ["a"]
    with pytest.raises(ServiceError, match="returned no ids"):
        fields(answer).texts("ids")


KNOWN = {401: "another token", 404: "check that it exists"}


@pytest.mark.parametrize(
    ("method", "status", "hint"),
    [
        ("GET", 401, "another token"),
        ("GET", 404, "check that it exists"),
        ("POST", 404, "check that it exists"),
        ("PATCH", 404, "it may have been deleted since it was read: run again; if this stays, check that it exists"),
        ("PUT", 404, "it may have been deleted since it was read: run again; if this stays, check that it exists"),
        ("POST", 413, "see the message; without one, check the proxy before GitHub"),
        ("POST", 500, "GitHub failed: run again later"),
        ("GET", 504, "GitHub failed: run again later"),
    ],
)
def test_a_refusal_says_what_to_do(method: Method, status: int, hint: str) -> None:
    assert refusal_hint("GitHub", method, status, KNOWN) == hint


def test_a_refusal_says_whether_there_was_a_message() -> None:
    assert refusal("GitHub GET /x", 502, "") == "GitHub GET /x returned 502 without a message"
    assert refusal("GitHub GET /x", 404, "Not Found") == "GitHub GET /x returned 404: Not Found"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.github.com",
        "https://github.acme.example/api/v3",
        "http://localhost:1",
        "http://127.0.0.1:1/x",
        "http://[::1]:1",
    ],
)
def test_an_api_is_reached_over_https_or_on_this_machine(url: str) -> None:
    assert may_have_token(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https://[",
        "http://api.github.com",
        "ftp://localhost",
        "https://user@evil.example",
        "https://api.github.com?x=/",
        "https://api.github.com#",
        "https://api.github.com/#x",
        "HTTP://evil.example",
        "http://localhost.evil.example",
    ],
)
def test_no_other_address_gets_the_token(url: str) -> None:
    assert not may_have_token(url)
