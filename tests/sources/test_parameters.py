from __future__ import annotations

import pytest

from reconciler.sources.header_text import valid_header_name, valid_header_value
from reconciler.sources.messages import Request
from reconciler.sources.paging.parameters import with_parameter


def asked(url: str) -> str:
    return with_parameter(Request("GET", url), "page", "2").url


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://a.example/x", "https://a.example/x?page=2"),
        ("https://a.example/x?", "https://a.example/x?page=2"),
        ("https://a.example/x?a=1", "https://a.example/x?a=1&page=2"),
        ("https://a.example/x?a=1&", "https://a.example/x?a=1&page=2"),
        ("https://a.example/x?page=1&a=1", "https://a.example/x?page=2&a=1"),
        ("https://a.example/x?a=%7E+%20;b&page=1&sig=A%2fb==", "https://a.example/x?a=%7E+%20;b&page=2&sig=A%2fb=="),
        ("https://a.example/x?page=1&a&page=7&", "https://a.example/x?page=2&a&"),
        ("https://a.example/x?%70age=1", "https://a.example/x?%70age=2"),
        ("https://a.example/x?page", "https://a.example/x?page=2"),
        ("https://a.example/x?mypage=1", "https://a.example/x?mypage=1&page=2"),
        ("https://a.example/page=1?a=1", "https://a.example/page=1?a=1&page=2"),
    ],
)
def test_a_parameter_is_set_in_place_and_the_rest_of_the_url_stays(before: str, after: str) -> None:
    assert asked(before) == after


def test_names_and_values_are_encoded() -> None:
    changed = with_parameter(Request("GET", "https://a.example/x"), "page[after]", "a b&c=d/é")
    assert changed.url == "https://a.example/x?page%5Bafter%5D=a%20b%26c%3Dd%2F%C3%A9"
    assert changed.query == (("page[after]", "a b&c=d/é"),)


def test_a_header_is_replaced_whatever_its_case() -> None:
    before = Request("GET", "https://a.example", (("A", "1"), ("X-Cursor", "1"), ("x-cursor", "2")))
    assert with_parameter(before, "x-CURSOR", "3", header=True).headers == (("A", "1"), ("X-Cursor", "3"))
    assert with_parameter(before, "b", "2", header=True).headers == (*before.headers, ("b", "2"))


def test_headers_have_names_and_values_of_http() -> None:
    assert [valid_header_name(name) for name in ("x-cursor", "page[after]", "", "a b", "a\n")] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert [valid_header_value(value) for value in ("a b", "", "é", "a\r\nb", "\x00", "€")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
