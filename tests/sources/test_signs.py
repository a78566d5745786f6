"""What answers say about further records, and what they do not say."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.errors import Severity
from reconciler.sources.answers.jsonpath import Reply
from reconciler.sources.checks.hints import hints_in
from reconciler.sources.messages import Answer
from tests.sources.apis import answer
from tests.sources.paging import ENDED, OFFSET, PAGE, POINTER, Script, page, run
from tests.sources.trials import codes, source, tried


def more(body: object, **headers: str) -> str | None:
    return hints_in(Reply({name.replace("_", "-"): value for name, value in headers.items()}, body)).more


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"hasMore": True}, "$.hasMore is true"),
        ({"has_more": "true"}, "$.has_more is true"),
        ({"meta": {"HAS-NEXT-PAGE": True}}, "$.meta.HAS-NEXT-PAGE is true"),
        ({"last": False}, "$.last is false"),
        ({"done": "False"}, "$.done is false"),
        ({"next": "/x"}, "$.next has a value"),
        ({"next": 1}, "$.next has a value"),
        ({"next": True}, "$.next is true"),
        ({"hasMore": True, "next": "/x"}, "$.hasMore is true"),
        ({"next_page": 3}, "$.next_page has a value"),
        ({"paging": {"next": "/x"}}, "$.paging.next has a value"),
        ({"_links": {"next": {"href": "/x"}}}, "$._links.next has a value"),
        ({"@odata.nextLink": "/x"}, "$.@odata.nextLink has a value"),
        ({"data": {"page_info": {"has_next_page": True}}}, "$.data.page_info.has_next_page is true"),
    ],
)
def test_signs_of_further_records_are_seen(body: object, words: str) -> None:
    assert more(body) == words


@pytest.mark.parametrize(
    "body",
    [
        {"hasMore": False},
        {"hasMore": "no idea"},
        {"last": True},
        {"last": "https://api.example.com/?page=9"},
        {"next": None},
        {"next": ""},
        {"next": "false"},
        {"next": False},
        {"next": {}},
        {"next": {"href": None}},
        {"next_page": 0},
        {"next_page": -1},
        {"items": [{"next": "/x", "hasMore": True}]},
        {"things": {"next": "/x"}},
        {"data": {"page": {"info": {"next": "/x"}}}},
        {"previous": "/x", "first": "/x", "self": "/x"},
        [{"next": "/x"}],
        None,
    ],
)
def test_other_members_say_nothing_about_further_records(body: object) -> None:
    assert more(body) is None


def test_a_link_header_with_a_next_page_is_a_sign() -> None:
    assert more({}, link='<https://a.example/x?p=2>; rel="next"') == "its Link header has a next page"
    assert more({}, link='<https://a.example/x?p=1>; rel="prev"') is None


def test_the_end_is_said_by_a_flag_or_by_an_empty_next_page() -> None:
    said = [
        hints_in(Reply({}, body)).no_more
        for body in ({"hasMore": False}, {"last": True}, {"next": None}, {"more": True}, {"a": 1})
    ]
    assert said == [True, True, True, False, False]


def test_totals_are_found_in_the_body_and_in_headers() -> None:
    reply = Reply(
        {"x-total-count": "237", "content-range": "items 0-99/238"}, {"total": 1, "meta": {"totalCount": "2"}, "count": -1}
    )
    assert hints_in(reply).totals == {
        "$.total": 1,
        "$.meta.totalCount": 2,
        "the header x-total-count": 237,
        "the header content-range": 238,
    }


def test_prices_and_other_numbers_are_no_totals() -> None:
    assert (
        hints_in(
            Reply({}, {"total": 9.5, "totalPages": 9, "totalAmount": 9, "cart": {"total": 9}, "items": [{"total": 9}]})
        ).totals
        == {}
    )


def test_an_answer_of_many_members_is_looked_at_in_part() -> None:
    assert more({**{f"a{number}": number for number in range(500)}, "hasMore": True}) is None
    assert more({**{f"a{number}": number for number in range(499)}, "hasMore": True}) == "$.hasMore is true"


def test_a_link_header_comes_before_what_the_body_says() -> None:
    assert more({"hasMore": True}, link='</b>; rel="next"') == "its Link header has a next page"


@pytest.mark.parametrize("body", [{"next": {"href": None}}, {"next": []}, {"next": ["/x"]}, {"next": {}}])
def test_an_unusual_next_page_says_neither_that_there_is_more_nor_that_there_is_not(body: object) -> None:
    hints = hints_in(Reply({}, body))
    assert (hints.more, hints.no_more) == (None, False)


def test_a_short_page_that_ends_the_run_by_its_condition_is_not_asked_again() -> None:
    found, script = run(ENDED, page(1, more=False))
    assert (len(script.requests), codes(found)) == (1, ["one-page-only"])


def test_the_probe_asks_for_what_is_behind_the_records_of_the_short_page() -> None:
    _, script = run(OFFSET, page(2), page(1, hasMore=True), page())
    assert [query["offset"] for query in script.queries] == ["0", "2", "4", "3"]


def test_a_run_that_ended_before_its_last_page_is_not_asked_for_further_ones() -> None:
    found, script = run({**PAGE, "endPageIndex": 5}, page(2), Answer(204, {}, b""))
    assert (len(script.requests), codes(found)) == (2, ["full-first-page"])


def test_without_records_no_page_is_probed() -> None:
    assert len(run({**PAGE, "initialPageIndex": 1})[1].requests) == 1


def test_a_total_above_what_was_read_is_reported() -> None:
    found, _ = run({"type": "NONE"}, page(2, total=237))
    assert [(item.code, item.severity) for item in found.findings] == [("total-hint", Severity.WARNING)]
    assert found.findings[0].message == "$.total is 237, but 2 records were read"


@pytest.mark.parametrize("total", [0, 1, 5])
def test_a_total_that_is_reached_is_not(total: int) -> None:
    assert codes(run(OFFSET, page(2, total=total), page(2, total=total), page(1, total=total))[0]) == []


def test_a_total_that_shrinks_counts_what_is_left() -> None:
    found, _ = run(OFFSET, *(page(size, total=total) for size, total in ((2, 50), (2, 3), (1, 1))))
    assert codes(found) == []


def test_one_total_that_is_reached_outweighs_others() -> None:
    assert codes(run(OFFSET, *(page(size, total=3, count=99) for size in (2, 1)))[0]) == []
    assert codes(run({"type": "NONE"}, page(2, count=2, total=99))[0]) == ["total-hint"], "a count of the page"


def severities(found: Any) -> list[tuple[str, Severity]]:
    return [(item.code, item.severity) for item in found.findings]


def test_a_total_of_something_else_is_info_where_the_api_itself_ended_the_run() -> None:
    wrong = [("total-hint", Severity.INFO)]
    assert severities(run(OFFSET, page(2, total=9), page(1, total=9), page(0, total=9))[0]) == wrong
    assert severities(run(ENDED, page(2, total=9, more=True), page(1, total=9, more=False))[0]) == wrong
    assert severities(run(POINTER, page(2, total=9, next="/b"), page(2, total=9))[0]) == wrong
    assert severities(run(PAGE, page(2, total=9), page(1, total=9))[0]) == [("total-hint", Severity.WARNING)]


def test_a_next_page_after_an_empty_page_is_no_sign() -> None:
    assert codes(run(OFFSET, page(2, next="/x"), page(1, next="/x"), page(0, next="/x"))[0]) == []


def test_a_full_page_that_ends_the_run_is_reported_unless_the_api_says_so() -> None:
    block = {**ENDED, "endConditionValue": "Const:true"}
    assert codes(run(block, page(2, more=True))[0]) == ["more-hint", "full-first-page"]
    assert codes(run(ENDED, page(2, more=False))[0]) == ["one-page-only"]
    assert codes(run(POINTER, page(2))[0]) == ["full-first-page"]
    assert codes(run(POINTER, page(2, total=2))[0]) == ["one-page-only"]


def test_a_single_page_that_is_not_full_proves_no_pagination() -> None:
    assert codes(run(POINTER, page(1))[0]) == ["one-page-only"]
    assert codes(run({"type": "NONE"}, page(1))[0]) == []


def test_a_page_larger_than_requested_is_reported() -> None:
    found, _ = run(POINTER, page(3, next="/b"), page(1))
    assert [(item.code, item.call) for item in found.findings] == [("limit-ignored", 1)]
    assert codes(run(POINTER, page(2, next="/b"), page(1))[0]) == []


def test_pages_of_one_smaller_size_are_reported() -> None:
    assert codes(run(POINTER, page(1, next="/b"), page(1, next="/c"), page(1))[0]) == ["limit-ignored"]
    assert codes(run(POINTER, page(1, next="/b"), page(1))[0]) == []
    assert codes(run(POINTER, page(1, next="/b"), page(2, next="/c"), page(1))[0]) == []


def records_from(numbers: range) -> Answer:
    return answer({"items": [{"id": number} for number in numbers]})


def capped(count: int, cap: int) -> Any:
    """An API by offset that gives `cap` records at most, and says nothing else."""

    def fetch(asked: Any) -> Answer:
        query = dict(asked.query)
        start = int(query["offset"])
        return records_from(range(start, min(count, start + min(cap, int(query["limit"])))))

    return fetch


def test_a_capped_limit_is_an_error_though_no_answer_shows_it() -> None:
    spec = source({**OFFSET, "limitValue": 500})
    found = tried(spec, capped(237, 100))
    assert [(item.code, item.call) for item in found.findings] == [("gap", 1)]
    assert [call.probe for call in found.calls] == [False, False, True]
    assert codes(tried(spec, capped(1237, 100))) == ["gap"]


def test_few_records_are_not_a_gap() -> None:
    found = tried(source({**OFFSET, "limitValue": 500}), capped(37, 100))
    assert codes(found) == ["one-page-only"]
    assert found.calls[-1].url.endswith("offset=37")


def test_pages_that_hide_some_of_their_records_are_not_a_gap() -> None:
    hidden = {1, 5}

    def fetch(asked: Any) -> Answer:
        start = int(dict(asked.query)["offset"])
        numbers = [number for number in range(start, min(9, start + 2)) if number not in hidden]
        return answer({"items": [{"id": number} for number in numbers], "more": start + 2 < 9})

    assert codes(tried(source(ENDED), fetch)) == []


def test_a_gap_is_an_error_if_the_probe_has_no_answer() -> None:
    script = Script([page(1, more=True), page(2, more=True), page(1, more=False), answer({}, 500)])
    assert codes(tried(source(ENDED), script)) == ["gap"]


def test_a_total_that_is_reached_spares_the_probe() -> None:
    found, _ = run({**PAGE, "initialPageIndex": 1}, page(2, total=3), page(1, total=3))
    assert (codes(found), [call.probe for call in found.calls]) == ([], [False] * 3)


def by_page(count: int, first: int = 0, size: int = 2) -> Any:
    """An API whose pages count from `first`; it refuses earlier ones."""

    def fetch(asked: Any) -> Answer:
        number = int(dict(asked.query)["page"]) - first
        return answer({}, 400) if number < 0 else records_from(range(number * size, min(count, (number + 1) * size)))

    return fetch


def test_a_skipped_first_page_is_reported() -> None:
    found = tried(source({**PAGE, "initialPageIndex": 1}), by_page(5))
    assert (found.records, codes(found)) == (3, ["first-page-skipped"])
    assert codes(tried(source({**PAGE, "initialPageIndex": 1}), by_page(5, first=1))) == []


def test_pages_after_the_last_one_are_an_error() -> None:
    found = tried(source({**PAGE, "endPageIndex": 1}), by_page(5))
    assert (found.records, codes(found)) == (4, ["end-page-early"])
    assert codes(tried(source({**PAGE, "endPageIndex": 1}), by_page(4))) == []
    short = tried(source({**PAGE, "endPageIndex": 2}), by_page(5))
    assert (codes(short), [call.probe for call in short.calls]) == ([], [False] * 3)


def test_no_probe_is_made_beyond_the_limit_of_calls() -> None:
    found = tried(source({**PAGE, "endPageIndex": 1}), by_page(5), pages=2)
    assert (len(found.calls), codes(found)) == (2, [])
