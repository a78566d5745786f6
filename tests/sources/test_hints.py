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
