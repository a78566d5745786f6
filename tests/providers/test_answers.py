"""What an answer of an API says beside its records, and how it is written."""

from __future__ import annotations

import pytest

from reconciler.documents.json_text import Document, Json, decode
from tests.providers.reading import an_api, body, get

OFFSET: Document = {"style": "offset", "limit": {"name": "limit", "default": 2, "max": 100}}
EVERYTHING: Document = {
    "records": "data.items",
    "total": "meta.total",
    "count": "meta.count",
    "pages": "meta.pages",
    "more": "hasMore",
    "last": "isLast",
    "also": {"meta": {"version": 1}, "ok": True},
}


def test_an_answer_says_how_much_there_is() -> None:
    assert body(get(an_api(OFFSET, count=5, answer=EVERYTHING, records={"each": "{n}"}), "offset=2")) == {
        "data": {"items": ["3", "4"]},
        "meta": {"version": 1, "total": 5, "count": 2, "pages": 3},
        "hasMore": True,
        "isLast": False,
        "ok": True,
    }


def test_the_last_page_says_so() -> None:
    answer = body(get(an_api(OFFSET, count=5, answer=EVERYTHING), "offset=4"))
    assert (answer["hasMore"], answer["isLast"], answer["meta"]["count"]) == (False, True, 1)


def test_the_members_of_one_answer_are_not_those_of_the_next() -> None:
    stub = an_api(OFFSET, count=5, answer=EVERYTHING)
    assert body(get(stub))["meta"]["count"] == 2
    assert stub.provider.answer.also == {"meta": {"version": 1}, "ok": True}


def test_numbers_and_flags_may_be_strings() -> None:
    answer = body(get(an_api(OFFSET, count=5, answer=EVERYTHING | {"as_strings": True}), "offset=4"))
    assert answer["meta"] == {"version": 1, "total": "5", "count": "1", "pages": "3"}
    assert (answer["hasMore"], answer["isLast"]) == ("false", "true")


def test_a_total_may_be_wrong() -> None:
    stub = an_api(
        OFFSET | {"total_header": "X-Total-Count", "pages_header": "X-PageCount"}, count=5, answer=EVERYTHING | {"total_off": -2}
    )
    answer = get(stub)
    assert body(answer)["meta"]["total"] == 3
    assert (answer.headers["x-total-count"], answer.headers["x-pagecount"]) == ("3", "3")
    assert body(answer)["hasMore"] is True


def test_each_record_may_have_a_wrapper() -> None:
    assert body(get(an_api(OFFSET, count=1, answer={"wrap": "node.item"}, records={"each": {"id": "{n}"}}))) == {
        "items": [{"node": {"item": {"id": "1"}}}]
    }


@pytest.mark.parametrize(
    ("empty", "expected"), [("list", {"items": []}), ("null", {"items": None}), (None, {"items": None}), ("absent", {})]
)
def test_a_page_without_records(empty: str | None, expected: Json) -> None:
    assert body(get(an_api(OFFSET, answer={"empty": empty}), "offset=999")) == expected


def test_an_answer_without_members_is_the_list() -> None:
    stub = an_api(OFFSET, count=3, answer={"records": ""}, records={"each": "{n}"})
    assert [body(get(stub)), body(get(stub, "offset=9"))] == [["1", "2"], []]


def test_placeholders_are_filled_for_each_record() -> None:
    each = {
        "n": "{n}",
        "padded": "no. {n:03}",
        "number": "{n:number}",
        "both": "{n}/{pick:a|b}@{n}",
        "date": "{date}",
        "epoch": "{date:epoch}",
        "ms": "{date:epoch-ms}",
        "day": "on {date:dd.MM.yyyy}",
        "seconds": "s{date:epoch}",
        "braces": "{{n}} 100%",
        "list": ["{n}", {"deep": "{n}"}],
        "other": [1, None, True],
    }
    dates = {"from": "2024-01-01T00:00:00Z", "to": "2024-01-03T00:00:00Z"}
    stub = an_api(OFFSET, count=2, records={"each": each, "dates": dates})
    assert body(get(stub))["items"][1] == {
        "n": "2",
        "padded": "no. 002",
        "number": 2,
        "both": "2/b@2",
        "date": "2024-01-02T00:00:00Z",
        "epoch": 1704153600,
        "ms": 1704153600000,
        "day": "on 02.01.2024",
        "seconds": "s1704153600",
        "braces": "{n} 100%",
        "list": ["2", {"deep": "2"}],
        "other": [1, None, True],
    }


def test_a_million_records_are_made_as_they_are_asked_for() -> None:
    stub = an_api(OFFSET, count=1_000_000, answer={"total": "total"})
    answer = body(get(stub, "offset=999999"))
    assert (answer["total"], [record["id"] for record in answer["items"]]) == (1_000_000, [1_000_000])


def test_whitespace_and_a_byte_order_mark_do_not_change_the_value() -> None:
    plain = body(get(an_api(OFFSET)))
    answer = get(an_api(OFFSET, body={"bom": True, "whitespace": True, "content_type": "text/json"}))
    assert answer.content.startswith(b"\xef\xbb\xbf\n\n  {")
    assert answer.content.endswith(b"}\r\n \n")
    assert decode(answer.content.removeprefix(b"\xef\xbb\xbf")) == plain
    assert answer.headers["content-type"] == "text/json"
