"""A time range selects the records in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pytest

from reconciler.documents.json_text import Document, Json
from reconciler.providers.provider import Provider
from reconciler.providers.schema import provider_of
from reconciler.providers.stub import Stub
from tests.providers.reading import an_api, body, get, ids

ALL: Document = {"style": "none"}
WINDOW: Document = {"from": "since", "to": "until", "field": "at"}
DATES: Document = {"from": "2024-01-01T00:00:00Z", "to": "2024-01-11T00:00:00Z"}


def ten(window: Document, at: str = "{date}") -> Stub:
    """Ten records, one on each of the first ten days of 2024."""
    return an_api(ALL, 10, records={"each": {"id": "{n:number}", "at": at}, "dates": DATES}, window=WINDOW | window)


def of(rows: Sequence[Json], window: Document) -> Stub:
    document: Document = {"kind": "Provider", "path": "/items", "records": {"file": "r.jsonl"}, "answer": {"records": "items"}}
    provider = provider_of(document | {"paging": ALL, "window": WINDOW | window})
    assert isinstance(provider, Provider)
    return Stub(provider, rows)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({}, list(range(1, 11))),
        ({"since": "2024-01-09T00:00:00Z"}, [9, 10]),
        ({"until": "2024-01-03T00:00:00Z"}, [1, 2]),
        ({"since": "2024-01-02T00:00:00Z", "until": "2024-01-04T00:00:00Z"}, [2, 3]),
        ({"since": "2024-01-02T00:00:01Z", "until": "2024-01-04T00:00:00.001Z"}, [3, 4]),
        ({"since": "2024-01-02T02:00:00+02:00", "until": "2024-01-03"}, [2]),
        ({"since": "2024-01-05T00:00:00Z", "until": "2024-01-04T00:00:00Z"}, []),
        ({"since": "1970-01-01T00:00:00Z", "until": "1970-01-02T00:00:00Z"}, []),
        ({"since": "2100-01-01T00:00:00Z", "until": "2100-01-02T00:00:00Z"}, []),
        ({"from": "2100-01-01T00:00:00Z"}, list(range(1, 11))),
    ],
)
@pytest.mark.parametrize("at", ["{date}", "{date:epoch}", "{date:epoch-ms}", "{date:yyyy-MM-dd}"])
def test_the_records_of_a_time_range(times: dict[str, str], expected: list[int], at: str) -> None:
    assert ids(ten({}, at), urlencode(times)) == expected


@pytest.mark.parametrize(("includes", "expected"), [("from", [2, 3]), ("to", [3, 4]), ("both", [2, 3, 4]), ("none", [3])])
def test_which_ends_are_part_of_a_range(includes: str, expected: list[int]) -> None:
    query = urlencode({"since": "2024-01-02T00:00:00Z", "until": "2024-01-04T00:00:00Z"})
    assert ids(ten({"includes": includes}), query) == expected


@pytest.mark.parametrize(
    ("form", "since"),
    [
        ("iso", "2024-01-09T00:00:00"),
        ("iso", "2024-01-09 00:00:00.0000000Z"),
        ("date", "2024-01-09"),
        ("epoch", "1704758400"),
        ("epoch", "1704758399.5"),
        ("epoch-ms", "1704758400000"),
        ("yyyy-MM-dd HH:mm:ss", "2024-01-09 00:00:00"),
        ("M/d/yyyy", "1/9/2024"),
    ],
)
def test_a_time_in_the_format_of_the_api_is_read(form: str, since: str) -> None:
    assert ids(ten({"format": form}), urlencode({"since": since})) == [9, 10]


@pytest.mark.parametrize(
    ("form", "since"),
    [
        ("iso", ""),
        ("iso", "yesterday"),
        ("iso", "2024-01-09T00:00:00:0000000Z"),
        ("iso", "2024-13-09T00:00:00Z"),
        ("iso", "1704758400"),
        ("iso", "20240109"),
        ("iso", "0001-01-01T00:00:00+14:00"),
        ("date", "2024-01-09T00:00:00Z"),
        ("epoch", "2024-01-09T00:00:00Z"),
        ("epoch", "-1"),
        ("epoch", "9" * 400),
        ("yyyy-MM-dd HH:mm:ss", "2024-01-09T00:00:00"),
    ],
)
@pytest.mark.parametrize("name", ["since", "until"])
def test_a_time_in_another_format_is_refused(form: str, since: str, name: str) -> None:
    answer = get(ten({"format": form}), urlencode({name: since}))
    assert (answer.status, body(answer)["error"]["message"]) == (400, f"{name} is not a time in the format {form}")


def test_one_end_alone_is_enough() -> None:
    stub = an_api(ALL, 10, records={"dates": DATES}, window={"from": "since", "field": "at"})
    assert ids(stub, "since=2024-01-10&until=2024-01-02") == [10]


def test_records_without_a_time_are_in_no_range() -> None:
    ats: list[Any] = ["2024-01-05T00:00:00Z", None, "soon", True, [1], 10**40, 1704412800, 1704412800000.0, "1704412800"]
    rows: list[Json] = [{"id": number, "at": at} for number, at in enumerate(ats)] + [{"id": 98}, {"id": 99, "at": {}}]
    assert ids(of(rows, {}), "since=2024-01-01T00:00:00Z") == [0, 6, 7]
    assert ids(of(rows, {"format": "epoch"}), "since=1700000000") == [0, 6, 7, 8]
    assert len(ids(of(rows, {}))) == len(rows)


def test_the_time_may_be_deeper_in_a_record() -> None:
    rows: list[Json] = [{"id": 1, "meta": {"at": "2024-01-05"}}, {"id": 2, "meta": 7}, {"id": 3, "meta": {"at": "2024-02-05"}}]
    assert ids(of(rows, {"field": "meta.at"}), "since=2024-02-01") == [3]


def test_records_need_not_be_in_the_order_of_their_times() -> None:
    rows: list[Json] = [{"id": number, "at": f"2024-01-{day:02}"} for number, day in enumerate((5, 1, 9, 3))]
    assert ids(of(rows, {}), "since=2024-01-03&until=2024-01-09") == [0, 3]


def test_pages_and_totals_are_those_of_the_range() -> None:
    paging = {"style": "offset", "limit": {"name": "limit", "default": 2, "max": 2}}
    stub = an_api(paging, 10, records={"dates": DATES}, window=WINDOW, answer={"total": "total", "more": "more"})
    query = "since=2024-01-03&until=2024-01-08"
    pages = [body(get(stub, f"{query}&offset={offset}")) for offset in (0, 2, 4)]
    assert [[record["id"] for record in page["items"]] for page in pages] == [[3, 4], [5, 6], [7]]
    assert [(page["total"], page["more"]) for page in pages] == [(5, True), (5, True), (5, False)]


def test_a_million_records_have_ranges_too() -> None:
    stub = an_api({"style": "offset"}, 1_000_000, window=WINDOW, answer={"total": "total"})
    assert body(get(stub, "since=2024-07-01&until=2024-07-02"))["total"] == pytest.approx(1_000_000 / 366, abs=1)


def test_made_records_need_not_be_in_the_order_of_their_times() -> None:
    assert ids(ten({}, "2024-01-0{pick:3|1|2}"), "since=2024-01-02&until=2024-01-03") == [3, 6, 9]
