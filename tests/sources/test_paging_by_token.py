"""Tokens, links, old names, and what every pagination has in common."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.errors import Severity
from reconciler.sources.calls import Limits
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Answer, Fetch, Request
from reconciler.sources.paging.choice import delay_of
from reconciler.sources.trial import trial
from reconciler.sources.values import Values
from tests.sources.apis import HOST, PATH
from tests.sources.paging import ENDED, IN_SPEC, OFFSET, PAGE, POINTER, TOKEN, Script, page, run, severities
from tests.sources.trials import First, codes, request, source, tried


def test_a_token_is_sent_in_the_query() -> None:
    found, script = run(TOKEN, page(2, token="a b"), page(2, token="c"), page(1, token=None))
    assert [asked.url for asked in script.requests] == [f"{HOST}{PATH}{query}" for query in ("", "?t=a%20b", "?t=c")]
    assert (found.stop.reason, found.stop.by_source, codes(found)) == ("token: $.token is null", True, [])


def test_a_token_is_sent_in_a_header() -> None:
    _, script = run({**TOKEN, "parameterType": "HEADERPARAM", "parameterName": "x-t"}, page(2, token="a"), page(1))
    assert [asked.headers for asked in script.requests] == [(), (("x-t", "a"),)]


@pytest.mark.parametrize(("value", "sent"), [(7, "7"), (True, "true"), (1.5, "1.5")])
def test_a_token_that_is_no_string_is_sent_as_json_unless_that_is_assumed_to_end_the_run(value: object, sent: str) -> None:
    assert run(TOKEN, page(2, token=value), page(1))[1].queries[1] == {"t": sent}
    found, script = run(TOKEN, page(2, token=value), page(1), token__not_text="stops")
    assert (len(script.requests), found.stop.evidence) == (1, "token.not-text")
    assert len(run(TOKEN, page(2, token="a"), page(1), token__not_text="stops")[1].requests) == 2


@pytest.mark.parametrize("value", [{}, {"after": "a"}, []])
def test_a_token_that_is_a_mapping_or_a_list_is_an_error(value: object) -> None:
    assert codes(run(TOKEN, page(2, token=value))[0]) == ["token-not-text"]


def test_an_empty_token_ends_the_run_unless_it_is_assumed_to_be_sent() -> None:
    found, script = run(TOKEN, page(2, token="a"), page(1, token=""))
    assert (len(script.requests), found.stop.evidence, found.stop.by_source) == (2, "token.empty-text", True)
    _, script = run(TOKEN, page(2, token="a"), page(1, token=""), token__empty_text="sent")
    assert script.queries[2] == {"t": ""}


def test_a_first_answer_without_a_token_is_reported_if_it_has_records() -> None:
    assert codes(run(TOKEN, page(2))[0]) == ["token-absent-on-first-page"]
    assert codes(run(TOKEN, page(2, token=None))[0]) == ["one-page-only"]
    assert codes(run(TOKEN, page(0))[0]) == ["no-records"]
    assert codes(run(TOKEN, page(2, token="a"), page(2))[0]) == []


def test_a_token_that_no_header_can_have_is_an_error() -> None:
    block = {**TOKEN, "parameterType": "HEADERPARAM", "parameterName": "x-t"}
    assert codes(run(block, page(2, token="a\nb"))[0]) == ["header-value"]
    assert codes(run({**block, "parameterName": "x t"}, page(2, token="a"))[0]) == ["header-name"]
    assert run({**TOKEN, "parameterName": "x t"}, page(2, token="a\nb"))[1].queries[1] == {"x t": "a\nb"}


@pytest.mark.parametrize(
    ("header", "calls"),
    [
        ('</b>; rel="next"', 2),
        ("</a>; rel=prev, </b>; rel=next", 2),
        ('</b>; title="x"; rel="last next"', 2),
        ('</b>; rel="prev"', 1),
        ("", 1),
        ('</b>; rel="nextish"', 1),
    ],
)
def test_none_follows_a_link_header_to_the_next_page(header: str, calls: int) -> None:
    found, script = run({"type": "NONE"}, page(2, {"link": header}), page(1))
    assert (len(script.requests), found.stop.evidence) == (calls, "none.single")
    assert script.requests[-1].url == (f"{HOST}/b" if calls == 2 else HOST + PATH)


def test_none_does_not_follow_a_link_that_is_not_an_address() -> None:
    assert codes(run({"type": "NONE"}, page(2, {"link": '<ftp://b>; rel="next"'}))[0]) == ["pointer-address"]


@pytest.mark.parametrize(
    "old", [{"offsetName": "offset", "type": "OFFSET"}, {"offSetName": "offset", "paginationType": "offset"}]
)
def test_old_names_are_read_and_reported(old: dict[str, str]) -> None:
    block = {"limitName": "limit", "limitValue": 2, **old}
    found, script = run(block, page(2), page(1))
    assert (len(script.queries), codes(found)) == (3, ["old-name"])
    assert codes(run(block, page(2), pagination__old_names="ignored")[0]) == ["old-name", "1316"]


def test_the_old_name_of_the_path_to_the_next_address_is_read() -> None:
    old = {key: value for key, value in POINTER.items() if key != "pointerPath"} | {"pointerValue": "$.next"}
    found, script = run(old, page(2, next="/b"), page(1))
    assert [asked.url for asked in script.requests] == [f"{HOST}{PATH}?limit=2", f"{HOST}/b"]
    assert (found.stop.reason, found.used["pagination.old-names"]) == ("pointer: $.next is absent", "read")
    (one,) = found.findings
    assert (one.code, one.hint, one.path) == ("old-name", "write pointerPath", (*IN_SPEC, "pointerValue"))
    assert one.message.startswith("`pointerValue` is the old name of `pointerPath`")
    assert "pagination.old-names" not in run(POINTER, page(2))[0].used


@pytest.mark.parametrize(("block", "name"), [(POINTER, "next"), (TOKEN, "token")])
@pytest.mark.parametrize("end", [None, ""])
def test_what_was_never_there_is_no_end_that_the_api_gave(block: dict[str, object], name: str, end: object) -> None:
    at_once, _ = run(block, page(2, None, total=9, **{name: end}))
    assert (at_once.stop.by_source, severities(at_once)["total-hint"]) == (False, Severity.WARNING)
    later, _ = run(block, page(2, None, total=9, **{name: "/b"}), page(2, None, total=9, **{name: end}))
    assert (later.stop.by_source, severities(later)) == (True, {"total-hint": Severity.INFO})


def test_a_full_first_page_without_an_address_may_not_be_the_last() -> None:
    found, _ = run(POINTER, page(2, more=True))
    assert (found.stop.by_source, codes(found)) == (False, ["more-hint", "full-first-page"])
    assert found.findings[1].message == "only one page was read, and it is full: 2 records (pointer: $.next is absent)"
    assert codes(run(POINTER, page(2, next="/b"), page(2, more=True))[0]) == []


def test_the_smallest_numbers_are_valid() -> None:
    assert [query["limit"] for query in run({**OFFSET, "limitValue": 1}, page(1))[1].queries][:2] == ["1", "1"]
    assert run({**PAGE, "initialPageIndex": 0}, page(2))[1].queries[0]["page"] == "0"


def test_an_old_type_that_is_no_string_is_refused() -> None:
    assert "1316" in codes(run({"paginationType": ["OFFSET"]})[0])


def test_a_pagination_without_placeholders_does_not_rely_on_them() -> None:
    assert "pagination.placeholders" not in run(OFFSET, page(2))[0].used


@pytest.mark.parametrize("name", ["headers.x-pages[0]", "headers.x pages"])
def test_any_name_of_a_header_can_be_asked_for(name: str) -> None:
    assert codes(run({**PAGE, "endPageIndex": name}, page(2), page(1))[0]) == ["end-page-absent"]


def test_an_old_name_beside_the_current_one_is_ignored() -> None:
    found, script = run({**OFFSET, "offsetName": "start"}, page(2), page(1))
    assert ("start" in script.queries[0], codes(found)) == (False, [])


def test_placeholders_of_the_pagination_are_filled_with_values() -> None:
    script = Script([page(2), page(1)])
    values = Values(auth={"name": "skip"}, source={"size": 2})
    block = {**OFFSET, "limitValue": "${size}", "offSetName": "${name}"}
    trial(source(block), First(request()), script, Limits(), Assumptions(), values=values)
    assert script.queries[1] == {"limit": "2", "skip": "2"}


def test_the_delay_between_requests_is_read_from_numbers_and_strings() -> None:
    for written, delay in ((850, 850), ("850", 850), (None, 0), ("soon", 0)):
        assumed = Assumptions()
        assert delay_of(source({**TOKEN, "delayRequestMillis": written}), Values(), assumed) == delay
        assert ("token.delay" in assumed.used) is bool(delay)
    assert "token.delay" in run({**TOKEN, "delayRequestMillis": 1}, page(2, token=None))[0].used
    assert "token.delay" not in run(TOKEN, page(2, token=None))[0].used


def test_parameters_of_the_path_and_the_query_are_replaced_in_place() -> None:
    script = Script([page(2), page(1)])
    fetch: Fetch = script
    tried(source(OFFSET), fetch, Request("GET", f"{HOST}{PATH}?sig=a%2fb&offset=9&limit=9&x"))
    assert [asked.url.partition("?")[2] for asked in script.requests[:2]] == [f"sig=a%2fb&offset={n}&limit=2&x" for n in (0, 2)]


@pytest.mark.parametrize(
    ("block", "answers", "rows"),
    [
        (OFFSET, [page(2)], {"offset.parameters", "offset.first", "offset.no-end"}),
        (OFFSET, [page(1)], {"offset.parameters", "offset.first", "offset.no-end", "offset.step"}),
        (ENDED, [page(2, more=False)], {"offset.parameters", "offset.first", "offset.end"}),
        (PAGE, [page(2)], {"page.parameters", "page.first", "page.no-end", "page.step"}),
        ({**PAGE, "endPageIndex": 1}, [page(2)], {"page.parameters", "page.first", "page.end-from", "page.end", "page.step"}),
        ({**PAGE, "maximumRequest": 1}, [page(2)], {"page.parameters", "page.first", "page.maximum"}),
        (POINTER, [page(2, next="/b")], {"pointer.path", "pointer.relative", "pointer.query", "pointer.limit", "pointer.end"}),
        (TOKEN, [page(2, token="a")], {"token.parameter", "token.end"}),
        ({"type": "NONE"}, [page(2)], {"none.single"}),
        (None, [page(2)], {"none.single", "pagination.none"}),
    ],
)
def test_a_trial_names_each_row_that_its_pagination_relies_on(block: object, answers: list[Answer], rows: set[str]) -> None:
    of_paging = ("offset.", "page.", "pointer.", "token.", "none.", "pagination.", "end-condition.")
    assert {key for key in run(block, *answers)[0].used if key.startswith(of_paging)} == rows


@pytest.mark.parametrize(
    ("block", "answers", "assume", "reason", "row"),
    [
        (OFFSET, [page(2), page(1)], {"offset__no_end": "until-short"}, "a page that is not full", "offset.no-end"),
        (ENDED, [page(2, more=False)], {}, "end condition: $.more is false", "offset.end"),
        (ENDED, [page(2)], {"end_condition__absent": "stop"}, "$.more is absent", "end-condition.absent"),
        ({**PAGE, "maximumRequest": 1}, [page(2)], {}, "maximumRequest: 1 requests", "page.maximum"),
        (
            {**PAGE, "endPageIndex": "headers.x"},
            [page(2)],
            {"page__end_absent": "stop"},
            "headers.x is absent",
            "page.end-absent",
        ),
        (POINTER, [page(2)], {}, "pointer: $.next is absent", "pointer.end"),
        (POINTER, [page(2, next="")], {}, "pointer: $.next is empty", "pointer.empty-text"),
        (POINTER, [page(2, next=1)], {}, "a pointer that is not a string", None),
        (POINTER, [page(2, next="ftp://b")], {}, "an address that is not valid", None),
        (TOKEN, [page(2, token="")], {}, "token: $.token is empty", "token.empty-text"),
        (TOKEN, [page(2, token=1)], {"token__not_text": "stops"}, "token: $.token is not a string", "token.not-text"),
        (TOKEN, [page(2)], {}, "token: $.token is absent", "token.end"),
        (TOKEN, [page(2, token=[])], {}, "a token that is not a string", None),
        ({**TOKEN, "parameterType": "HEADERPARAM"}, [page(2, token="\n")], {}, "a header that cannot be sent", None),
        (
            {**TOKEN, "parameterType": "HEADERPARAM", "parameterName": "a b"},
            [page(2, token="c")],
            {},
            "a header that cannot be sent",
            None,
        ),
        ({"type": "NONE"}, [page(2)], {}, "pagination NONE: one request", "none.single"),
        ({"type": "NONE"}, [page(2, {"link": '<ftp://b>; rel="next"'})], {}, "an address that is not valid", None),
    ],
)
def test_a_trial_says_why_its_pagination_ended(
    block: object, answers: list[Answer], assume: dict[str, str], reason: str, row: str | None
) -> None:
    stop = run(block, *answers, **assume)[0].stop
    assert (stop.reason, stop.evidence) == (reason, row)


def test_without_pagination_there_is_one_request() -> None:
    found, script = run(None, page(2))
    assert (len(script.requests), found.stop.evidence, codes(found)) == (1, "none.single", [])


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({}, "the pagination has no `type`"),
        ({"type": "offset"}, "'offset' is not a type of pagination"),
        ({"type": "x" * 81}, f"{'x' * 80!r} is not a type of pagination"),
        ({**PAGE, "initialPageIndex": -1}, "`initialPageIndex` must be an integer of at least 0"),
        ({**PAGE, "maximumRequest": 0}, "`maximumRequest` must be an integer of at least 1"),
        ({**PAGE, "limitValue": "0"}, "`limitValue` must be an integer of at least 1"),
        (
            {key: value for key, value in PAGE.items() if key != "limitValue"},
            "`limitValue` of the pagination is missing or empty",
        ),
        ({**OFFSET, "offSetName": "${start}"}, "`${start}` of `offSetName` has no value"),
        ({**PAGE, "limitValue": 10**18 + 1}, "`limitValue` must be an integer of at least 1"),
    ],
)
def test_a_pagination_that_cannot_run_says_what_is_wrong(block: dict[str, object], message: str) -> None:
    found, script = run(block)
    assert ([item.message for item in found.findings], script.requests) == ([message], [])


def test_the_largest_number_is_valid() -> None:
    for limit in (10**18, f" {10**18 - 1} "):
        assert run({**OFFSET, "limitValue": limit}, page(1))[1].queries[0]["limit"] == str(limit).strip()


def test_the_name_of_a_parameter_can_be_written_as_a_number() -> None:
    assert run({**PAGE, "pageParamName": 7}, page(1))[1].queries[0] == {"limit": "2", "7": "0"}


def test_a_link_header_is_read_up_to_a_bound() -> None:
    link = '</b>; rel="next"'
    for length, calls in ((20_000, 2), (20_001, 1)):
        header = f"{'x' * (length - len(link))}{link}"
        assert len(run({"type": "NONE"}, page(2, {"link": header}), page(1))[1].requests) == calls


@pytest.mark.parametrize(
    ("block", "hint", "name"),
    [
        ({"type": "CURSOR"}, "write type: CONTINUATION_TOKEN, NONE, OFFSET, PAGE, POINTER", "type"),
        ({**OFFSET, "limitName": ""}, "write limitName", "limitName"),
        ({**PAGE, "limitValue": "many"}, "write limitValue: 1", "limitValue"),
        ({**PAGE, "endPageIndex": []}, "write endPageIndex: headers.x-pagecount", "endPageIndex"),
        ({**ENDED, "endConditionName": "$..more"}, "write a path such as $.hasMore", "endConditionName"),
        ({**POINTER, "pointerPath": "$..next"}, "write $.paging.next", "pointerPath"),
        ({**TOKEN, "continuationTokenPath": "$.*"}, "write $.meta.after_cursor", "continuationTokenPath"),
        ({**TOKEN, "parameterType": "BODY"}, "write QUERYPARAM or HEADERPARAM", "parameterType"),
    ],
)
def test_a_pagination_that_cannot_run_has_a_next_step_at_its_field(block: dict[str, object], hint: str, name: str) -> None:
    (one,) = run(block)[0].findings
    assert (one.hint, one.path) == (hint, (*IN_SPEC, name))


@pytest.mark.parametrize(
    ("block", "value", "name"),
    [
        (POINTER, {"next": ["/b"]}, "pointerPath"),
        (TOKEN, {"token": ["a"]}, "continuationTokenPath"),
        (TOKEN, {}, "continuationTokenPath"),
        ({**TOKEN, "parameterType": "HEADERPARAM", "parameterName": "x-t"}, {"token": "a\nb"}, "continuationTokenPath"),
        ({**TOKEN, "parameterType": "HEADERPARAM", "parameterName": "x t"}, {"token": "a"}, "parameterName"),
    ],
)
def test_what_an_answer_has_at_a_path_is_reported_at_the_field_that_names_it(
    block: dict[str, object], value: dict[str, Any], name: str
) -> None:
    assert run(block, page(2, None, **value))[0].findings[0].path == (*IN_SPEC, name)
