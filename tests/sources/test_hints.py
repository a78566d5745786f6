"""What an answer says about further records, to a spec that reads one page."""

from __future__ import annotations

import pytest

from reconciler.documents.json_text import Document
from reconciler.sources.messages import Answer, Fetch, Request
from tests.sources.apis import answer
from tests.sources.trials import source, tried

ITEMS = [{"id": number} for number in range(5)]


def one_page(extra: Document, headers: dict[str, str]) -> Fetch:
    def send(_request: Request) -> Answer:
        return answer({"items": ITEMS} | extra, headers=headers)

    return send


@pytest.mark.parametrize(
    ("extra", "headers", "message"),
    [
        ({}, {"x-total-count": "19"}, "the header x-total-count is 19, but 5 records were read"),
        ({"count": 5}, {"x-total-count": "19"}, "the header x-total-count is 19, but 5 records were read"),
        ({"count": 5, "total": 19}, {}, "$.total is 19, but 5 records were read"),
        ({"meta": {"pages": "4"}}, {}, "$.meta.pages is 4, but 1 page was read"),
        ({"total_pages": 4}, {}, "$.total_pages is 4, but 1 page was read"),
        ({}, {"x-pagecount": "4"}, "the header x-pagecount is 4, but 1 page was read"),
    ],
)
def test_totals_that_exceed_what_was_read_are_shown(extra: Document, headers: dict[str, str], message: str) -> None:
    found = tried(source({"type": "NONE"}), one_page(extra, headers))
    assert [(item.code, item.message) for item in found.findings] == [("total-hint", message)]


@pytest.mark.parametrize(
    ("extra", "headers", "words"),
    [
        ({"offset": "itr/rec"}, {}, "$.offset has a value"),
        ({"cursor": "abc"}, {}, "$.cursor has a value"),
        ({"next_page_uri": "/2010?Page=1"}, {}, "$.next_page_uri has a value"),
        ({"nextPageId": "p2"}, {}, "$.nextPageId has a value"),
        ({"d": {"__next": "https://x?$skiptoken=2"}}, {}, "$.d.__next has a value"),
        ({"additional_data": {"pagination": {"more_items": True}}}, {}, "$.additional_data.pagination.more_items is true"),
        ({}, {"x-next-cursor": "abc"}, "the header x-next-cursor has a value"),
    ],
)
def test_a_next_page_under_any_usual_name_is_shown(extra: Document, headers: dict[str, str], words: str) -> None:
    found = tried(source({"type": "NONE"}), one_page(extra, headers))
    assert [(item.code, item.message) for item in found.findings] == [
        ("more-hint", f"the last answer says that there is more: {words}")
    ]


@pytest.mark.parametrize(
    "extra",
    [
        {"cursor": ""},
        {"cursor": None, "offset": 0},
        {"offset": "0"},
        {"cursor": "abc", "has_more": False},
        {"cursor": "abc", "total": 5},
        {"next_steps": "read", "moreInfo": True, "next_run_at": "2030"},
    ],
)
def test_a_token_that_leads_nowhere_is_no_finding(extra: Document) -> None:
    assert tried(source({"type": "NONE"}), one_page(extra, {})).findings == ()


def test_the_objects_around_the_records_are_looked_at() -> None:
    body = {"data": {"customers": {"nodes": ITEMS, "pageInfo": {"hasNextPage": True}}, "shops": {"hasNextPage": True}}}
    found = tried(source({"type": "NONE"}, "$.data.customers.nodes"), lambda _asked: answer(body))
    assert [item.message.rpartition(": ")[2] for item in found.findings] == ["$.data.customers.pageInfo.hasNextPage is true"]
    hits = {"hits": {"total": {"value": 9, "relation": "eq"}, "hits": ITEMS}}
    found = tried(source({"type": "NONE"}, "$.hits.hits"), lambda _asked: answer(hits))
    assert [item.message for item in found.findings] == ["$.hits.total is 9, but 5 records were read"]


@pytest.mark.parametrize(
    ("extra", "headers"),
    [
        ({"count": 5}, {}),
        ({"total": 5}, {"x-total-count": "5"}),
        ({"pages": 1}, {}),
        ({"pages": 0}, {}),
        ({"pages": [1, 2, 3]}, {}),
        ({"page": 3}, {}),
    ],
)
def test_totals_of_what_was_read_are_no_finding(extra: Document, headers: dict[str, str]) -> None:
    assert tried(source({"type": "NONE"}), one_page(extra, headers)).findings == ()
