"""The loop of a trial: what it counts, what it calls, where it stops."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.errors import Severity
from reconciler.sources.calls import Call, Limits
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.sources.trial import trial
from tests.sources.apis import HOST, PATH, Api, answer
from tests.sources.paging import ENDED, OFFSET, PAGE, POINTER, Script, page, run
from tests.sources.trials import First, codes, request, source, tried

NONE = {"type": "NONE"}


def test_each_call_and_each_page_is_shown_as_it_happens() -> None:
    calls: list[Call] = []
    pages: list[tuple[int, int]] = []

    def on_page(call: Call, records: Any) -> None:
        pages.append((call.number, len(records)))

    script = Script([page(2, more=True), page(1, more=False)])
    found = trial(source(ENDED), First(request()), script, Limits(), Assumptions(), calls.append, on_page=on_page)
    assert tuple(calls) == found.calls
    assert [(call.number, call.method, call.status, call.records, call.probe) for call in calls] == [
        (1, "GET", 200, 2, False),
        (2, "GET", 200, 1, False),
    ]
    assert calls[1].url.endswith("?limit=2&offset=2")
    assert pages == [(1, 2), (2, 1)]


def test_a_spec_without_a_first_request_is_not_tried() -> None:
    found = trial(source(NONE), First(None), Script([]), Limits(), Assumptions())
    assert (found.calls, found.stop.reason) == ((), "the spec makes no request")


def test_rows_are_kept_up_to_the_limit() -> None:
    script = Script([page(2), page(2), page(1)])
    found = trial(source(OFFSET), First(request()), script, Limits(rows=3), Assumptions())
    assert (len(found.rows), found.records) == (3, 5)


def test_the_limit_of_calls_ends_the_trial_and_says_so() -> None:
    found = tried(source(OFFSET), Script([page(2) for _ in range(9)]), pages=3)
    assert (len(found.calls), codes(found)) == (3, ["page-budget"])
    assert found.stop.reason == "the limit of 3 requests"


def test_a_run_that_ends_with_the_last_call_allowed_is_complete() -> None:
    assert codes(tried(source(OFFSET), Script([page(2), page(1)]), pages=3)) == []


def test_a_run_ends_after_10_000_requests() -> None:
    one = json.dumps({"items": [{"id": 1}], "next": "/n"}).encode()
    numbers = iter(range(20_000))

    def fetch(_asked: Request) -> Answer:
        number = next(numbers)
        return Answer(200, {}, one.replace(b'"id":1', b'"id":%d' % number).replace(b"/n", b"/%d" % number))

    found = tried(source(POINTER), fetch, pages=20_000)
    assert (len(found.calls), found.stop.evidence, codes(found)[0]) == (10_000, "run.max-requests", "page-budget")
    assert found.used["run.max-requests"] == "10000"


def test_an_answer_without_content_ends_the_run() -> None:
    found, _ = run(PAGE, page(2), page(1), Answer(204, {}, b""))
    assert (found.records, found.stop.reason, codes(found)) == (3, "HTTP 204", [])
    assert codes(run(PAGE, Answer(204, {}, b""))[0]) == ["no-records"]


@pytest.mark.parametrize(
    ("status", "pages"),
    [(199, False), (200, True), (206, True), (299, True), (300, False), (400, False), (404, False), (500, False)],
)
def test_only_a_status_of_success_has_records(status: int, pages: bool) -> None:
    one = page(1)
    found, _ = run(NONE, Answer(status, one.headers, one.content))
    assert (found.records, codes(found)) == ((1, []) if pages else (0, ["http-status"]))


def test_an_error_status_after_pages_has_a_hint_about_the_end() -> None:
    found, _ = run(OFFSET, page(2), answer({"error": "<script>"}, 404))
    assert [(item.code, item.call, item.severity) for item in found.findings] == [("http-status", 2, Severity.ERROR)]
    assert "end condition" in found.findings[0].hint
    assert "<script>" not in found.findings[0].message


def test_a_limited_request_ends_the_run_and_is_repeated_3_times_if_that_is_assumed() -> None:
    limited = answer({}, 429)
    assert codes(run(NONE, limited, page(1))[0]) == ["http-status", "rate-limited"]
    found, _ = run(NONE, limited, limited, limited, page(1), http__429="retries")
    assert (len(found.calls), found.records, codes(found)) == (4, 1, ["rate-limited"])
    found, _ = run(NONE, limited, limited, limited, limited, page(1), http__429="retries")
    assert (len(found.calls), codes(found)) == (4, ["rate-limited", "http-status"])


def test_no_answer_ends_the_run_with_its_code() -> None:
    for code, shown in (("not-recorded", "not-recorded"), ("host-refused", "host-refused"), ("strange", "no-answer")):
        found = tried(source(OFFSET), lambda _asked, code=code: NoAnswer(code, "why", "what"))  # type: ignore[misc]
        assert [(item.code, item.message, item.hint) for item in found.findings] == [(shown, "why", "what")]
        assert (found.calls[0].status, found.calls[0].records) == (None, None)


def test_no_answer_in_the_middle_leaves_the_end_open() -> None:
    answers: list[Answer | NoAnswer] = [page(2, more=True, total=99), NoAnswer("no-answer", "timeout")]
    found = tried(source(OFFSET), lambda _asked: answers.pop(0))
    assert (found.records, codes(found)) == (2, ["no-answer"])


@pytest.mark.parametrize(
    ("content", "headers", "words"),
    [
        (b"<!doctype html><html>", {"content-type": "text/html"}, "is HTML, not JSON"),
        (b" <HTML>", {}, "is HTML, not JSON"),
        (b"<!DOCTYPE html><p>", {}, "is HTML, not JSON"),
        (b"<p>", {"content-type": "Text/HTML; charset=utf-8"}, "is HTML, not JSON"),
        (b"<p>", {"content-type": "application/xml; profile=html"}, "is XML, not JSON"),
        (b"<?xml version='1.0'?><a/>", {"content-type": "application/xml"}, "is XML, not JSON"),
        (b"", {}, "is empty, not JSON"),
        (b" \n", {}, "is empty, not JSON"),
        (b"\x1f\x8b\x08", {}, "is compressed, although no header says so"),
        (b'{"items": [', {}, "is not valid JSON, or not complete"),
        (b"OK", {}, "is not valid JSON"),
        (b"[" * 100_000, {}, "is nested too deep to be read"),
        (b'{"items": "\xff"}', {}, "is not valid JSON, or not complete"),
        (b'{"items": [NaN]}', {}, "is not valid JSON, or not complete"),
        ('{"items": []}'.encode("utf-16"), {"content-type": "application/json; charset=utf-7"}, None),
    ],
)
def test_an_answer_that_is_not_json_is_an_error(content: bytes, headers: dict[str, str], words: str | None) -> None:
    found, _ = run(NONE, Answer(200, headers, content))
    if words is None:
        assert codes(found) == ["no-records"]
    else:
        assert [(item.code, item.message) for item in found.findings] == [("not-json", f"answer 1 {words}")]


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (b"\xef\xbb\xbf" + '{"items": [{"n": "é"}]}'.encode(), ""),
        ('{"items": [{"n": "é"}]}'.encode("utf-16"), ""),
        ('{"items": [{"n": "é"}]}'.encode("utf-32"), ""),
        ('{"items": [{"n": "é"}]}'.encode("latin-1"), "; charset=ISO-8859-1"),
        ('{"items": [{"n": "é"}]}'.encode("utf-16-le"), '; charset="UTF-16LE"'),
    ],
)
def test_an_answer_is_read_in_its_encoding(content: bytes, charset: str) -> None:
    found, _ = run(NONE, Answer(200, {"content-type": f"application/json{charset}"}, content))
    assert found.rows == ({"items": {"n": "é"}},)
    assert found.used["answer.encoding"] == "declared"


def test_an_answer_in_another_encoding_than_declared_is_an_error() -> None:
    broken = Answer(200, {"content-type": "application/json; charset=us-ascii"}, '{"items": "é"}'.encode("latin-1"))
    assert codes(run(NONE, broken)[0]) == ["not-json"]


def test_records_without_an_array_are_an_error_with_the_call() -> None:
    found, _ = run(OFFSET, page(2), answer({"things": []}))
    assert [(item.code, item.call) for item in found.findings] == [("1313", 2)]
    assert "it has things" in found.findings[0].message


def test_a_page_that_comes_again_later_is_a_loop() -> None:
    first, second = page(2), page(2)
    found, _ = run(OFFSET, first, second, first)
    assert (found.records, found.pages, found.stop.evidence, codes(found)) == (4, 2, "loop.endless", ["loop"])


def test_the_same_page_again_is_an_error_and_is_not_counted() -> None:
    first = page(2)
    found, _ = run(OFFSET, first, first)
    assert (found.records, found.pages, len(found.calls), codes(found)) == (2, 1, 2, ["same-page"])


def test_the_same_records_are_the_same_page_whatever_is_beside_them() -> None:
    found, _ = run(OFFSET, answer({"items": [{"id": 1}, {"id": 2}], "at": 1}), answer({"items": [{"id": 1}, {"id": 2}], "at": 2}))
    assert codes(found) == ["same-page"]


def test_equal_records_are_another_page_if_the_answers_differ() -> None:
    twins = [answer({"items": [{"a": 1}, {"a": 1}], "start": start, "more": start < 4}) for start in (0, 2, 4)]
    found, _ = run(ENDED, *twins)
    assert (found.records, codes(found)) == (6, [])


def test_pages_that_overlap_are_an_error() -> None:
    def part(*numbers: int) -> Answer:
        return answer({"items": [{"id": number} for number in numbers]})

    found, _ = run(OFFSET, part(1, 2), part(2, 3), part(3, 4))
    assert [(item.code, item.call) for item in found.findings] == [("duplicates", 2)]
    assert found.findings[0].message.startswith("2 records were read more than once")


def test_one_record_that_comes_again_is_told_as_one() -> None:
    pages = [answer({"items": [{"id": number} for number in numbers]}) for numbers in ((1, 2), (3, 4), (4, 5))]
    (one,) = run(OFFSET, *pages)[0].findings
    assert one.message == "1 record was read more than once; the first of them again on page 3"


def test_a_request_that_was_made_before_is_not_made_again() -> None:
    found, script = run(POINTER, page(2, next="/b"), page(2, next="?limit=2"), page(2, next="/b"))
    assert (len(script.requests), codes(found)) == (3, ["loop", "more-hint"])


def test_only_the_first_rows_of_many_records_are_kept() -> None:
    body = {"items": [{"id": number} for number in range(100_000)]}
    found = tried(source(NONE), lambda _asked: answer(body))
    assert (found.records, len(found.rows)) == (100_000, 3)


def test_a_trial_relies_on_documented_inferred_and_unknown_rows() -> None:
    found = tried(source(OFFSET, "$.members"), Api().fetch("offset"))
    assert set(found.used) >= {"offset.parameters", "offset.first", "content.path", "row.wrapped"}


@pytest.mark.parametrize(
    ("answers", "reason", "row"),
    [
        ([Answer(204, {}, b"")], "HTTP 204", "http.204"),
        ([answer({}, 429)], "HTTP 429", "http.429"),
        ([answer({}, 404)], "HTTP 404", "http.error"),
        ([Answer(200, {}, b"<p>")], "an answer that is not JSON", None),
        ([answer({"things": []})], "the records cannot be read", None),
        ([NoAnswer("no-answer", "timeout")], "no answer", None),
        ([page(2, next=f"{HOST}{PATH}?limit=2")], "loop", "loop.endless"),
    ],
)
def test_a_trial_says_why_it_ended_and_which_row_decided_it(
    answers: list[Answer | NoAnswer], reason: str, row: str | None
) -> None:
    found = tried(source(POINTER), lambda _asked: answers.pop(0))
    assert (found.stop.reason, found.stop.evidence) == (reason, row)
    assert [key for key in found.used if key.startswith(("http.", "loop."))] == ([row] if row else [])
    assert len(found.calls) == 1


def test_an_answer_that_is_not_limited_is_not_asked_for_again() -> None:
    found, script = run(NONE, page(1), http__429="retries")
    assert (len(script.requests), "http.429" in found.used) == (1, False)


def test_the_end_is_the_apis_own_where_it_has_no_content() -> None:
    assert run(OFFSET, page(2), Answer(204, {}, b""))[0].stop.by_source


def test_a_spec_that_makes_no_request_has_no_pages_and_no_records() -> None:
    found, _ = run({"type": "OTHER"})
    assert (found.records, found.pages, found.rows, found.calls) == (0, 0, (), ())


def test_the_same_records_with_their_fields_in_another_order_are_the_same() -> None:
    turned = [{"name": "b", "id": 2, "in": {"y": 1, "x": 2}}, {"name": "a", "id": 1}]
    records = [{"id": 2, "in": {"x": 2, "y": 1}, "name": "b"}, {"id": 1, "name": "a"}]
    found, _ = run(PAGE, answer({"items": records}), answer({"items": turned}))
    assert (found.records, codes(found)) == (2, ["same-page"])


def test_a_full_page_and_an_end_that_is_met_rely_on_nothing_unknown() -> None:
    body = {"items": [{"id": 1}, {"id": 2}], "more": False}
    ended = {**PAGE, "type": "OFFSET", "offSetName": "offset", "endConditionName": "$.more", "endConditionValue": "Const:false"}
    used = tried(source(ended), lambda _asked: answer(body)).used
    assert not {"offset.no-end", "offset.step", "end-condition.absent", "row.nulls"} & set(used)


def test_an_end_behind_the_current_page_is_unknown_only_where_it_is_the_next_one() -> None:
    used = run({**PAGE, "initialPageIndex": 1, "endPageIndex": 3}, page(2), page(2), page(1))[0].used
    assert "page.end" in used
    assert "page.end" not in run({**PAGE, "initialPageIndex": 1, "endPageIndex": 1}, page(2))[0].used
