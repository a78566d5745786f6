"""Requests that HTTP or a guard does not allow, and what a redirect makes of one."""

from __future__ import annotations

import pytest

from reconciler.sources.messages import NoAnswer, Request
from reconciler.trying.guards.requests import redirected, wrong_with

URL = "https://api.example.com/v1/items"
POST = Request("POST", URL, (("content-type", "application/json"), ("Accept", "application/json")), {"page": 1})
TYPED = Request("GET", URL, (("Content-Type", "application/json"),))


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirected_post_becomes_a_get_without_what_describes_its_body(status: int) -> None:
    followed = redirected(POST, status, "/v2/items")
    assert followed == Request("GET", "https://api.example.com/v2/items", (("Accept", "application/json"),))


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_that_keeps_the_method_keeps_the_whole_request(status: int) -> None:
    assert redirected(POST, status, "?a=1") == Request("POST", f"{URL}?a=1", POST.headers, POST.body)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirected_get_keeps_its_headers(status: int) -> None:
    assert redirected(TYPED, status, "more") == Request("GET", "https://api.example.com/v1/more", TYPED.headers)


def test_a_redirect_to_what_is_no_address_is_judged_as_it_is() -> None:
    assert redirected(TYPED, 302, "https://[::1/").url == "https://[::1/"


@pytest.mark.parametrize(
    ("request_", "code", "words"),
    [
        (Request("PUT", URL), "no-answer", "'PUT' is not a valid method"),
        (Request("GET", URL, (("a b", "1"),)), "header-name", "'a b' is not a valid header name"),
        (Request("GET", URL, (("Host", "x"),)), "header-name", "the header 'Host' cannot be set"),
        (Request("GET", URL, (("X-A", "1\n2"),)), "header-name", "the value of the header 'X-A'"),
        (Request("GET", URL, (("X-A", " 1"),)), "header-name", "the value of the header 'X-A'"),
    ],
)
def test_a_request_that_cannot_be_sent_says_why(request_: Request, code: str, words: str) -> None:
    wrong = wrong_with(request_)
    assert isinstance(wrong, NoAnswer)
    assert (wrong.code, words in wrong.reason, bool(wrong.hint)) == (code, True, True)


@pytest.mark.parametrize("request_", [POST, TYPED, Request("GET", URL, (("X-A", ""), ("X-B", "a \tb")))])
def test_any_other_request_can_be_sent(request_: Request) -> None:
    assert wrong_with(request_) is None
