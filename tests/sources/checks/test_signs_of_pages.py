"""What the pages of a trial show together, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.errors import Severity
from reconciler.sources.answers.jsonpath import Reply
from reconciler.sources.checks.signs import Signs
from reconciler.sources.findings import Finding
from reconciler.sources.paging.turn import Stop

STOP = Stop("the end")
BY_SOURCE = Stop("the end", by_source=True)


def signs(*pages: tuple[int, dict[str, Any]] | int, kind: str = "OFFSET", limit: int | None = 2, by_limit: bool = True) -> Signs:
    seen = Signs(kind, limit, by_limit)
    for number, each in enumerate(pages, 1):
        records, body = (each, {}) if isinstance(each, int) else each
        seen.page(number, Reply({}, body), records)
    return seen


def told(seen: Signs, stop: Stop = STOP, *, failed: bool = False, unfinished: bool = False) -> list[str]:
    return [item.code for item in seen.findings(stop, failed=failed, unfinished=unfinished)]


def total_hint(seen: Signs, stop: Stop = STOP) -> Finding | None:
    found = [item for item in seen.findings(stop, failed=False, unfinished=False) if item.code == "total-hint"]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("pages", "gap"),
    [
        ((1, 2), True),
        ((2, 1, 1), True),
        ((1, 0), False),
        ((0, 2), False),
        ((2, 2, 1), False),
        ((1,), False),
        (((1, {"hasMore": True}),), True),
        (((1, {"total": 3}), (2, {"total": 3})), False),
        (((1, {"total": 4}), (2, {"total": 4})), True),
    ],
)
def test_records_after_a_page_that_is_not_full_are_a_gap(pages: tuple[Any, ...], gap: bool) -> None:
    assert signs(*pages).has_gap is gap
    assert not signs(*pages, by_limit=False).has_gap
    assert not signs(*pages, limit=None).has_gap


def test_a_gap_names_the_first_page_that_is_not_full() -> None:
    gap = signs(2, 1, 1, 2).gap()
    assert (gap.call, gap.message.partition(",")[0]) == (2, "page 2 has 1 record")


def test_a_total_of_the_page_is_no_total_of_all_records() -> None:
    assert total_hint(signs((2, {"count": 2, "total": 9}))) is not None
    assert not signs((2, {"count": 2, "total": 9})).is_complete
    assert signs((2, {"count": 2})).is_complete


def test_a_total_that_stays_on_an_empty_page_is_one_of_all_records() -> None:
    seen = signs((2, {"count": 2, "total": 9}), (0, {"count": 2, "total": 9}))
    assert seen.is_complete
    assert total_hint(seen) is None


def test_a_total_that_only_one_page_has_is_one_of_all_records_if_it_is_not_its_size() -> None:
    assert signs((2, {"total": 4, "count": 9}), 2).is_complete
    assert signs(0, (2, {"total": 2, "count": 9})).is_complete


def test_a_single_page_of_nothing_is_no_sign_of_further_pages() -> None:
    assert told(signs((0, {"totalPages": 1}), kind="NONE", limit=None), failed=True) == []


def test_the_largest_total_is_shown() -> None:
    hint = total_hint(signs((2, {"total": 9, "totalCount": 12, "recordCount": 7})))
    assert hint is not None
    assert hint.message == "$.totalCount is 12, but 2 records were read"
    single = total_hint(signs((1, {"total": 2})))
    assert single is not None
    assert single.message == "$.total is 2, but 1 record was read"


def test_the_largest_number_of_pages_is_shown_for_a_source_that_reads_one() -> None:
    body = {"totalPages": 3, "pageCount": 4, "pages": 2}
    hint = total_hint(signs((2, body), kind="NONE", limit=None))
    assert hint is not None
    assert hint.message == "$.pageCount is 4, but 1 page was read"
    assert total_hint(signs((2, body), kind="PAGE")) is None


@pytest.mark.parametrize(("pages", "told_"), [(0, False), (1, False), (2, True)])
def test_a_number_of_pages_above_those_that_were_read_is_a_hint(pages: int, told_: bool) -> None:
    assert (total_hint(signs((2, {"totalPages": pages}), kind="NONE", limit=None)) is not None) is told_
    assert total_hint(signs((0, {"totalPages": 1}), kind="NONE", limit=None)) is None


def test_pages_are_no_hint_if_all_records_were_read() -> None:
    assert total_hint(signs((2, {"total": 2, "totalPages": 3}), kind="NONE", limit=None)) is None


def test_pages_that_were_read_over_several_requests_are_no_hint() -> None:
    assert total_hint(signs((2, {"totalPages": 2}), (2, {"totalPages": 2}), kind="NONE", limit=None)) is None
    hint = total_hint(signs((2, {"totalPages": 3}), (2, {"totalPages": 3}), kind="NONE", limit=None))
    assert hint is not None
    assert hint.message == "$.totalPages is 3, but 2 pages were read"


@pytest.mark.parametrize(
    ("kind", "last", "stop", "severity"),
    [
        ("POINTER", 2, BY_SOURCE, Severity.INFO),
        ("CONTINUATION_TOKEN", 2, BY_SOURCE, Severity.INFO),
        ("OFFSET", 1, BY_SOURCE, Severity.INFO),
        ("OFFSET", 2, Stop("HTTP 204", "http.204", by_source=True), Severity.INFO),
        ("OFFSET", 2, BY_SOURCE, Severity.WARNING),
        ("OFFSET", 1, STOP, Severity.WARNING),
        ("POINTER", 2, STOP, Severity.WARNING),
        ("PAGE", 1, BY_SOURCE, Severity.WARNING),
    ],
)
def test_a_total_above_what_was_read_is_only_said_where_the_api_credibly_ended(
    kind: str, last: int, stop: Stop, severity: Severity
) -> None:
    hint = total_hint(signs(2, (last, {"total": 9}), kind=kind), stop)
    assert hint is not None
    assert hint.severity is severity


def test_without_a_limit_no_page_shows_the_end() -> None:
    assert "more-hint" in told(signs(2, (0, {"hasMore": True}), kind="NONE", limit=None), BY_SOURCE)


def test_more_after_a_gap_is_told_although_the_api_ended_the_run() -> None:
    seen = signs(1, 2, (1, {"hasMore": True}))
    assert seen.has_gap
    assert "more-hint" in told(seen, BY_SOURCE)
    assert "more-hint" not in told(signs(2, (1, {"hasMore": True}), by_limit=False), BY_SOURCE)


def test_a_trial_without_records_proves_nothing_unless_it_ended_early() -> None:
    assert told(signs(0)) == ["no-records"]
    assert told(signs()) == ["no-records"]
    assert told(signs(), failed=True) == []
    assert told(signs(), unfinished=True) == []


def test_the_end_of_an_unfinished_trial_is_not_judged() -> None:
    full = signs((2, {"hasMore": True, "total": 9}))
    assert told(full) == ["more-hint", "total-hint", "full-first-page"]
    assert told(full, unfinished=True) == []
    assert told(full, failed=True) == ["more-hint", "total-hint"]


@pytest.mark.parametrize(
    ("pages", "told_"),
    [
        ((3,), True),
        ((2, 2), False),
        ((1, 1, 1), True),
        ((1, 1), False),
        ((1, 2, 1), False),
        ((1, 1, 0), False),
        ((0, 0, 2), False),
    ],
)
def test_pages_of_another_size_than_requested_are_told(pages: tuple[int, ...], told_: bool) -> None:
    assert ("limit-ignored" in told(signs(*pages, by_limit=False))) is told_
    assert "limit-ignored" not in told(signs(*pages, limit=None, by_limit=False))


def test_a_gap_already_says_that_the_limit_was_ignored() -> None:
    assert "limit-ignored" not in told(signs(1, 1, 1))


@pytest.mark.parametrize(
    ("records", "body", "code"),
    [
        (2, {}, "full-first-page"),
        (3, {}, "full-first-page"),
        (1, {}, "one-page-only"),
        (2, {"hasMore": False}, "one-page-only"),
        (2, {"total": 2}, "one-page-only"),
    ],
)
def test_one_page_proves_no_pagination(records: int, body: dict[str, Any], code: str) -> None:
    assert code in told(signs((records, body)))
    assert code not in told(signs((records, body), kind="NONE"))
    assert "one-page-only" in told(signs((records, body), limit=None))
