from __future__ import annotations

import pytest

from reconciler.reports.trying.calls import brief, headers_of
from tests.reports.trying.reports import call

FIRST = call(1, url="https://x/a?limit=100&offset=0")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://x/a?limit=100&offset=100", "… offset=100"),
        ("https://x/a?limit=50&offset=100", "… limit=50&offset=100"),
        ("https://x/a?cursor=abc", "… cursor=abc without limit, offset"),
        ("https://x/a", "… without limit, offset"),
        ("https://x/a?limit=100&offset=0", "… the same request again"),
        ("https://x/b?limit=100&offset=0", "GET https://x/b?limit=100&offset=0"),
        ("https://y/a?limit=100&offset=0", "GET https://y/a?limit=100&offset=0"),
        ("http://x/a?limit=100&offset=0", "GET http://x/a?limit=100&offset=0"),
    ],
)
def test_a_request_is_what_differs_from_the_one_before(url: str, said: str) -> None:
    assert brief(FIRST, call(2, url=url)) == said


def test_a_header_and_a_body_differ_too() -> None:
    headers = (*FIRST.headers, ("X-Cursor", "abc"))
    assert brief(FIRST, call(2, url=FIRST.url, headers=headers)) == "… X-Cursor: abc"
    assert brief(FIRST, call(2, url=FIRST.url, body={"page": 2})) == '… body {"page":2}'


def test_an_address_that_is_not_valid_is_shown_whole() -> None:
    assert brief(FIRST, call(2, url="http://[")) == "GET http://["


def test_a_long_address_is_cut() -> None:
    assert len(brief(FIRST, call(2, url="https://x/a?cursor=" + "a" * 9_000))) == 300


def test_the_body_of_the_first_request_is_shown() -> None:
    assert headers_of(call(1, headers=(), body={"page": 1})) == ['body {"page":1}']


def test_headers_of_every_request_are_left_out() -> None:
    assert headers_of(call(1, headers=(("Accept", "*/*"), ("X-Key", "${KEY}")))) == ["X-Key: ${KEY}"]
