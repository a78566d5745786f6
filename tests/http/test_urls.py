"""A URL has one meaning, or it is not accepted."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.http.urls import Place, UnclearUrl, sendable


def test_the_parts_of_a_url_are_those_that_are_sent() -> None:
    to = sendable("https://API.example.com:8443/a%2fb/../c?x=1&y='z'#part")
    assert to.place == Place("https", "api.example.com", 8443)
    assert to.target == b"/a%2fb/../c?x=1&y='z'"
    assert to.url == "https://api.example.com:8443/a%2fb/../c?x=1&y='z'"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.example", b"/"),
        ("https://a.example?x=1", b"/?x=1"),
        ("https://a.example#x", b"/"),
        ("https://a.example/ü?ß=\U0001f388", b"/%C3%BC?%C3%9F=%F0%9F%8E%88"),
        ("https://a.example/a b\\c", b"/a%20b%5Cc"),
        ("https://a.example//b.example/", b"//b.example/"),
    ],
)
def test_a_path_is_sent_as_it_is_unless_it_must_be_escaped(url: str, target: bytes) -> None:
    assert sendable(url).target == target


def test_a_place_is_shown_with_a_port_that_is_not_the_usual_one() -> None:
    shown = [
        str(sendable(url).place)
        for url in ("https://a.example:443", "https://a.example:80", "http://a.example:80", "https://[::1]:1")
    ]
    assert shown == ["a.example", "a.example:80", "a.example", "[::1]:1"]


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "https://[fd00::1]/"])
def test_an_address_is_known_as_one(url: str) -> None:
    assert sendable(url).place.is_address
    assert not sendable("https://a.example/").place.is_address


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://a.example/", "does not start with https"),
        ("https://a@b.example/", "user or password"),
        ("https://a.example/\n", "line break"),
        ("https://a.example./", "ends with a dot"),
        ("https://127.1/", "unusual spelling"),
        ("https://1.2.3.4./", "unusual spelling"),
        ("https://0x7f.0.0.1/", "unusual spelling|not valid"),
        ("https://[::1/", "not valid"),
        ("https://[127.0.0.1]/", "not a valid address"),
        ("https://a.example:x/", "not valid"),
        ("https://-a.example/", "not valid"),
        ("https://" + "a" * 64 + ".example/", "not valid"),
        ("https://" + "a." * 127 + "example/", "not valid"),
        ("https://a.example/" + "x" * 70_000, "more than 65,536"),
    ],
)
def test_an_unclear_url_is_not_accepted(url: str, reason: str) -> None:
    with pytest.raises(UnclearUrl, match=reason):
        sendable(url)


def test_a_reason_repeats_neither_a_user_nor_a_path() -> None:
    with pytest.raises(UnclearUrl) as error:
        sendable("https://me:s3cret@a.example/s3cret")
    assert "s3cret" not in f"{error.value} {error.value.hint}"


@given(st.text("ab1.:/@\\?#[]%-_xX0 \t\u0430\uff0e", max_size=24))
@example("a.b\\@a")
def test_every_url_that_is_accepted_means_the_same_to_every_program(rest: str) -> None:
    url = f"https://{rest}"
    try:
        to = sendable(url)
    except UnclearUrl:
        return
    assert urlsplit(to.url).hostname == to.place.host == httpx.URL(to.url).raw_host.decode().strip("[]")
    assert urlsplit(url).hostname == to.place.host
    assert (urlsplit(to.url).port or 443) == to.place.port == (httpx.URL(to.url).port or 443)
