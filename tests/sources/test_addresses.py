"""Addresses of next pages: where they lead, and what they are sent."""

from __future__ import annotations

from typing import Final

import pytest

from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Request
from reconciler.sources.paging.addresses import next_request
from reconciler.sources.paging.turn import Turn

SENT: Final = Request(
    "POST",
    "https://api.example.com/v1/things?key=k&limit=100",
    (("Authorization", "Bearer s"), ("Accept", "application/json")),
    {"s": 1},
)


def turn(address: str, **overrides: str) -> Turn:
    found = next_request(SENT, address, Assumptions({key.replace("_", "."): value for key, value in overrides.items()}))
    assert isinstance(found, Turn), found
    return found


def request_to(address: str, **overrides: str) -> Request:
    following = turn(address, **overrides).next
    assert isinstance(following, Request)
    return following


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://api.example.com/v2?page=2", "https://api.example.com/v2?page=2"),
        ("https://api.example.com:443/v2", "https://api.example.com:443/v2"),
        ("HTTPS://API.example.com/v2", "https://API.example.com/v2"),
        ("/v2?page=2", "https://api.example.com/v2?page=2"),
        ("?page=2", "https://api.example.com/v1/things?page=2"),
        ("more", "https://api.example.com/v1/more"),
        ("//api.example.com/v2", "https://api.example.com/v2"),
        (" /v2#part ", "https://api.example.com/v2"),
    ],
)
def test_an_address_on_the_same_host_is_requested_as_it_is_with_the_credentials(address: str, url: str) -> None:
    found = turn(address)
    assert found.findings == ()
    assert found.next == Request("POST", url, SENT.headers, SENT.body)


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example.com/v1",
        "//other.example.com/v1",
        "http://api.example.com/v1/things",
        "https://api.example.com:8443/v1/things",
        "https://api.example.com.other.com/v1",
    ],
)
def test_another_host_port_or_scheme_is_reported_and_receives_no_credentials(address: str) -> None:
    found = turn(address, pointer_query="keep-query")
    assert [item.code for item in found.findings] == ["other-host"]
    assert isinstance(found.next, Request)
    assert (found.next.headers, found.next.body) == ((("Accept", "application/json"),), None)
    assert "key=k" not in found.next.url


def test_another_host_receives_everything_if_that_is_assumed() -> None:
    following = request_to("https://other.example.com/v1", pointer_auth="always", pointer_query="keep-query")
    assert following == Request("POST", "https://other.example.com/v1?key=k&limit=100", SENT.headers, SENT.body)


def test_query_parameters_are_kept_if_that_is_assumed_and_the_address_lacks_them() -> None:
    assert request_to("/v1/things?limit=50&start=1", pointer_query="keep-query").url.endswith("/v1/things?limit=50&start=1&key=k")
    assert request_to("/v1/things?limit=1&key=x", pointer_query="keep-query").url.endswith("/v1/things?limit=1&key=x")
    assert request_to("/v1/things?limit=50").url.endswith("/v1/things?limit=50")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://api.example.com/x",
        "javascript:alert(1)",
        "data:application/json,{}",
        "https:///v1",
        "https://:443/v1",
        "https://user:pass@api.example.com/v1",
        "https://s@api.example.com/v1",
        "https://:p@api.example.com/v1",
        "https://[::1/v1",
        "https://api.example.com:99999/v1",
        "https://api.example.com:0/v1",
        "https:\\\\other.example.com",
        "/\\other.example.com",
        "/a b",
        "/a\nb",
        "</v2>; rel=next",
        "/" + "a" * 16_000,
    ],
)
def test_any_other_address_is_never_requested(address: str) -> None:
    found = next_request(SENT, address, Assumptions())
    assert isinstance(found, Finding)
    assert found.code == "pointer-address"


@pytest.mark.parametrize("character", [*'\x00\x01\t\n\x1f \x7f\\<>"^`{|}'])
def test_a_character_that_no_url_has_is_never_requested(character: str) -> None:
    assert isinstance(next_request(SENT, f"/a{character}b", Assumptions()), Finding)


def test_another_host_sees_what_is_asked_for_and_nothing_else() -> None:
    harmless = (("ACCEPT", "a"), ("Accept-Language", "en"), ("Content-Type", "text/plain"))
    asked = Request("GET", "https://api.example.com/", (*harmless, ("X-Key", "s"), ("Cookie", "s")))
    found = next_request(asked, "https://other.example.com/", Assumptions())
    assert isinstance(found, Turn)
    assert found.next == Request("GET", "https://other.example.com/", harmless)


def test_the_port_of_a_scheme_may_be_written() -> None:
    for base, address in (("http://stub/a", "http://stub:80/b"), ("https://stub:443/a", "https://stub/b")):
        found = next_request(Request("GET", base, SENT.headers), address, Assumptions())
        assert isinstance(found, Turn)
        assert (found.next, found.findings) == (Request("GET", address, SENT.headers), ())


def test_an_address_is_as_long_as_its_bound() -> None:
    assert request_to("/" + "a" * 15_999).url == "https://api.example.com/" + "a" * 15_999


def test_kept_query_parameters_are_joined_without_empty_ones() -> None:
    asked = Request("GET", "https://api.example.com/v1?key=k&&limit=100&")
    found = next_request(asked, "/v2", Assumptions({"pointer.query": "keep-query"}))
    assert isinstance(found, Turn)
    assert found.next == Request("GET", "https://api.example.com/v2?key=k&limit=100")


def test_a_relative_address_relies_on_the_row_of_the_table() -> None:
    for address, relies in (("/v2", True), ("//api.example.com/v2", True), ("https://api.example.com/v2", False)):
        assumed = Assumptions()
        next_request(SENT, address, assumed)
        assert ("pointer.relative" in assumed.used) is relies
