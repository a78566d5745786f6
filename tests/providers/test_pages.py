"""Which records each request of an API gets, and what an answer says about the next page, by style of paging."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from reconciler.documents.json_text import Document
from reconciler.providers.stub import Stub
from tests.providers.reading import HOST, an_api, body, get, ids

LIMIT: Document = {"name": "limit", "default": 20, "max": 100}
OFFSET: Document = {"style": "offset", "limit": LIMIT}
PAGE: Document = {"style": "page", "limit": LIMIT}


def pointing(**following: str) -> Document:
    return {"style": "pointer", "limit": LIMIT, "next": {"path": "paging.next", **following}}


def with_token(**token: Any) -> Document:
    return {"style": "token", "limit": LIMIT, "token": {"path": "meta.after", "name": "after", **token}}


def numbers(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", numbers(1, 20)),
        ("limit=5", numbers(1, 5)),
        ("limit=100&offset=200", numbers(201, 237)),
        ("limit=1000", numbers(1, 100)),
        ("limit=5&offset=237", []),
        ("limit=5&offset=9999999", []),
        ("start=100&skip=3", numbers(1, 20)),
        ("offset=1&offset=200&limit=2", numbers(201, 202)),
    ],
)
def test_an_offset_is_the_number_of_records_to_skip(query: str, expected: list[int]) -> None:
    assert ids(an_api(OFFSET), query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", numbers(1, 20)), ("page=2", numbers(21, 40)), ("page=3&limit=100", numbers(201, 237)), ("page=4&limit=100", [])],
)
def test_a_page_number_counts_from_one(query: str, expected: list[int]) -> None:
    assert ids(an_api(PAGE), query) == expected


@pytest.mark.parametrize(
    ("paging", "query", "first"),
    [
        (PAGE | {"start": 0}, "page=0", 1),
        (PAGE | {"start": 0}, "page=1", 21),
        (PAGE, "page=0", 1),
        (OFFSET | {"start": 1}, "offset=1", 1),
        (OFFSET | {"start": 1}, "offset=21", 21),
        (OFFSET | {"start": 1}, "offset=0", 1),
    ],
)
def test_numbers_count_from_the_start_of_the_api(paging: Document, query: str, first: int) -> None:
    assert ids(an_api(paging), query)[0] == first


@pytest.mark.parametrize(
    ("paging", "query", "message"),
    [
        (PAGE | {"zero": "refuse"}, "page=0", "page must be a number from 1"),
        (OFFSET | {"start": 1, "zero": "refuse"}, "offset=0", "offset must be a number from 1"),
        (PAGE, "page=-1", "page must be a number from 1"),
        (OFFSET, "offset=-1", "offset must be a number from 0"),
        (OFFSET, "offset=", "offset must be a number from 0"),
        (OFFSET, "offset=1.0", "offset must be a number from 0"),
        (OFFSET, f"offset={'9' * 5000}", "offset must be a number from 0"),
        (OFFSET, "offset=٣", "offset must be a number from 0"),
        (OFFSET, "limit=0", "limit must be a number from 1 to 100"),
        (OFFSET, "limit=many", "limit must be a number from 1 to 100"),
        (OFFSET | {"limit": LIMIT | {"over": "refuse"}}, "limit=101", "limit must not exceed 100"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(paging: Document, query: str, message: str) -> None:
    answer = get(an_api(paging), query)
    assert (answer.status, body(answer)["error"]["message"]) == (400, message)


def test_a_size_of_exactly_the_maximum_is_not_refused() -> None:
    assert len(ids(an_api(OFFSET | {"limit": LIMIT | {"over": "refuse"}}), "limit=100")) == 100


def test_without_a_name_the_page_size_is_fixed() -> None:
    assert len(ids(an_api({"style": "offset", "limit": {"default": 7}}), "limit=3")) == 7


@pytest.mark.parametrize(
    ("paging", "query", "status", "expected"),
    [
        (OFFSET | {"past_end": "last"}, "offset=240", 200, numbers(221, 237)),
        (OFFSET | {"past_end": "last"}, "offset=220", 200, numbers(221, 237)),
        (PAGE | {"past_end": "last"}, "page=99&limit=100", 200, numbers(201, 237)),
        (PAGE | {"past_end": 404}, "page=99", 404, None),
        (PAGE | {"past_end": "404"}, "page=12", 200, numbers(221, 237)),
        (OFFSET | {"past_end": 204}, "offset=237", 204, None),
        (OFFSET | {"past_end": 204}, "offset=236", 200, [237]),
    ],
)
def test_the_answer_past_the_end(paging: Document, query: str, status: int, expected: list[int] | None) -> None:
    stub = an_api(paging)
    answer = get(stub, query)
    assert answer.status == status
    assert answer.content == b"" if status == 204 else True
    assert expected is None or ids(stub, query) == expected


def test_the_last_page_may_be_full() -> None:
    assert ids(an_api(PAGE | {"past_end": "last"}, count=40), "page=3") == numbers(21, 40)


@pytest.mark.parametrize("past_end", ["empty", "404", "204", "last"])
def test_an_api_without_records_has_an_empty_first_page(past_end: str) -> None:
    assert ids(an_api(PAGE | {"past_end": past_end}, count=0)) == []


def test_one_page_has_everything() -> None:
    stub = an_api({"style": "none"})
    assert ids(stub, "limit=5&offset=100") == numbers(1, 237)
    assert ids(an_api({"style": "none", "limit": LIMIT}), "limit=5") == numbers(1, 5)


def followed(stub: Stub, query: str) -> list[str | None]:
    """The addresses of the next pages, until there is none or one comes again."""
    addresses: list[str | None] = []
    while query is not None and len(addresses) < 9:
        paging = body(get(stub, query)).get("paging", {})
        addresses.append(paging.get("next", "absent"))
        following = addresses[-1]
        if not following or following == "absent" or following in addresses[:-1]:
            break
        query = urlsplit(following).query
    return addresses


def test_the_next_address_leads_to_the_next_page() -> None:
    stub = an_api(pointing(), auth={"query": {"key": "k"}})
    first, second, end = followed(stub, "limit=100&key=k&sort=id")
    assert first == f"{HOST}/items?limit=100&key=k&sort=id&cursor=YWZ0ZXI6MTAw"
    assert second == f"{HOST}/items?limit=100&key=k&sort=id&cursor=YWZ0ZXI6MjAw"
    assert end == "absent"
    assert ids(stub, urlsplit(str(second)).query) == numbers(201, 237)


@pytest.mark.parametrize(
    ("following", "expected"),
    [
        ({"address": "relative"}, "/items?limit=100&key=k&sort=a+b&cursor=YWZ0ZXI6MTAw"),
        ({"address": "query"}, "?limit=100&key=k&sort=a+b&cursor=YWZ0ZXI6MTAw"),
        ({"keep": "without-key"}, f"{HOST}/items?limit=100&sort=a+b&cursor=YWZ0ZXI6MTAw"),
        ({"keep": "none"}, f"{HOST}/items?cursor=YWZ0ZXI6MTAw"),
        ({"name": "page[after]"}, f"{HOST}/items?limit=100&key=k&sort=a+b&page%5Bafter%5D=YWZ0ZXI6MTAw"),
    ],
)
def test_the_form_of_the_next_address(following: dict[str, str], expected: str) -> None:
    stub = an_api(pointing(**following), auth={"query": {"key": "k"}})
    assert body(get(stub, "limit=100&key=k&sort=a+b"))["paging"] == {"next": expected}


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("absent", ["absent"]),
        ("null", [None]),
        ("empty", [""]),
        ("self", [f"{HOST}/items?limit=200&cursor=YWZ0ZXI6MTAw"] * 2),
        ("more", [f"{HOST}/items?limit=200&cursor=YWZ0ZXI6MzAw", None]),
    ],
)
def test_the_next_address_on_the_last_page(last: str, expected: list[str | None]) -> None:
    paging = {"style": "pointer", "limit": LIMIT | {"max": 200}, "next": {"path": "paging.next", "last": last}}
    assert followed(an_api(paging), "limit=200&cursor=YWZ0ZXI6MTAw") == expected


@pytest.mark.parametrize("written", ["100", "YWZ0ZXI6LTE=", "%%%", "YWZ0ZXI6MTAw!", "ä"])
def test_a_cursor_that_is_made_up_is_refused(written: str) -> None:
    answer = get(an_api(pointing()), f"cursor={quote(written)}")
    assert (answer.status, body(answer)["error"]["message"]) == (400, "cursor is not valid")


def tokens(stub: Stub, limit: int = 100, name: str = "after") -> list[Any]:
    """The token of each page, until there is none or one comes again."""
    found: list[Any] = []
    query = f"limit={limit}"
    while len(found) < 9:
        found.append(body(get(stub, query)).get("meta", {}).get("after", "absent"))
        if not found[-1] or found[-1] == "absent" or found[-1] in found[:-1]:
            return found
        query = f"limit={limit}&{name}={quote(found[-1])}"
    return found


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ({}, ["YWZ0ZXI6MTAw", "YWZ0ZXI6MjAw", None]),
        ({"form": "number"}, ["100", "200", None]),
        ({"form": "number", "last": "absent"}, ["100", "200", "absent"]),
        ({"form": "number", "last": "empty"}, ["100", "200", ""]),
        ({"form": "number", "last": None}, ["100", "200", None]),
        ({"form": "number", "last": "more"}, ["100", "200", "300", None]),
        ({"form": "number", "last": "self"}, ["100", "200", "200"]),
        ({"form": "same"}, ["c2Nyb2xs", "c2Nyb2xs"]),
    ],
)
def test_the_token_of_each_page(token: Document, expected: list[Any]) -> None:
    assert tokens(an_api(with_token(**token))) == expected


def test_a_token_leads_to_the_next_page_in_the_query_or_a_header() -> None:
    assert ids(an_api(with_token()), "limit=100&after=YWZ0ZXI6MTAw") == numbers(101, 200)
    in_header = an_api(with_token(name="X-Cursor", **{"in": "header"}))
    assert ids(in_header, "limit=100", x_cursor="YWZ0ZXI6MTAw") == numbers(101, 200)
    assert ids(in_header, "limit=100&X-Cursor=YWZ0ZXI6MTAw") == numbers(1, 100)


def test_an_empty_token_is_the_first_page() -> None:
    assert ids(an_api(with_token()), "after=") == numbers(1, 20)


@pytest.mark.parametrize(("form", "written"), [("opaque", "100"), ("number", "-1"), ("number", "x"), ("same", "YWZ0ZXI6MTAw")])
def test_a_token_that_is_made_up_is_refused(form: str, written: str) -> None:
    assert get(an_api(with_token(form=form)), f"after={written}").status == 400


def test_one_token_for_all_pages_goes_on_where_the_last_page_ended() -> None:
    stub = an_api(with_token(form="same"))
    pages = [ids(stub, "limit=100"), ids(stub, "limit=100&after=c2Nyb2xs"), ids(stub, "limit=100&after=c2Nyb2xs")]
    assert pages == [numbers(1, 100), numbers(101, 200), numbers(201, 237)]
    assert ids(stub, "limit=100") == numbers(1, 100)
    assert ids(stub, "limit=100&after=c2Nyb2xs") == numbers(101, 200)


def test_a_token_expires_some_pages_after_the_first() -> None:
    stub = an_api(with_token(form="number", expires_after=2))
    statuses = [get(stub, query).status for query in ("", "after=20", "after=40", "after=60", "", "after=20")]
    assert statuses == [200, 200, 200, 410, 200, 200]


@pytest.mark.parametrize(
    ("paging", "query", "link"),
    [
        (OFFSET, "limit=100", "limit=100&offset=100"),
        (OFFSET | {"start": 1}, "limit=100&offset=101", "limit=100&offset=201"),
        (PAGE, "limit=100&page=2", "limit=100&page=3"),
        (PAGE | {"start": 0}, "limit=100", "limit=100&page=1"),
        (with_token(form="number"), "limit=100&after=100", "limit=100&after=200"),
        (with_token(form="number", **{"in": "header"}), "limit=100", None),
        ({"style": "pointer", "limit": LIMIT}, "limit=100", "limit=100&cursor=YWZ0ZXI6MTAw"),
        ({"style": "none", "limit": LIMIT}, "limit=100", None),
        (OFFSET, "limit=100&offset=200", None),
    ],
)
def test_a_link_header_has_the_next_address(paging: Document, query: str, link: str | None) -> None:
    answer = get(an_api(paging | {"link_header": True}), query)
    assert answer.headers.get("link") == (None if link is None else f'<{HOST}/items?{link}>; rel="next"')


def test_links_alone_lead_through_an_api_that_answers_with_a_list() -> None:
    stub = an_api({"style": "page", "limit": LIMIT, "link_header": True}, answer={"records": "$"})
    query, seen = "limit=100", []
    while query:
        answer = get(stub, query)
        seen += [record["id"] for record in body(answer)]
        query = urlsplit(answer.headers.get("link", "<>")[1:].partition(">")[0]).query
        assert dict(parse_qsl(query)).get("limit", "100") == "100"
    assert seen == numbers(1, 237)


def test_records_that_move_are_read_twice_or_never() -> None:
    stub = an_api(OFFSET | {"limit": {"name": "limit", "max": 100, "default": 100}}, records={"moving": 3})
    seen = [number for offset in (0, 100, 200) for number in ids(stub, f"offset={offset}")]
    assert len(seen) == 237
    assert set(numbers(1, 237)) - set(seen) == set(numbers(232, 237))
    assert {98, 99, 100} <= {number for number in seen if seen.count(number) == 2}


def test_pages_have_20_records_by_default_and_100_at_most() -> None:
    stub = an_api({"style": "offset", "limit": {"name": "limit"}})
    assert [len(ids(stub)), len(ids(stub, "limit=1")), len(ids(stub, "limit=101"))] == [20, 1, 100]
