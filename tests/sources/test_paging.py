"""The types of pagination, branch by branch: what is requested, and why a run ends."""

from __future__ import annotations

import pytest

from reconciler.sources.messages import Answer, Request
from tests.sources.apis import HOST, PATH
from tests.sources.paging import ENDED, OFFSET, PAGE, POINTER, REQUIRED, TOKEN, Script, page, run
from tests.sources.trials import codes, request, source, tried


@pytest.mark.parametrize(("block", "name"), REQUIRED)
@pytest.mark.parametrize("value", [None, "", "  ", [], True])
def test_a_required_field_that_is_missing_or_empty_refuses_the_run(block: dict[str, object], name: str, value: object) -> None:
    broken = {**block, name: value} if value is not None else {key: item for key, item in block.items() if key != name}
    found, script = run(broken)
    assert script.requests == []
    assert codes(found) == ["1312" if name == "limitValue" and value is not None else "1316"]
    assert found.findings[0].path == ("sourceSpec", "attributes", "paginationParams", *((name,) if value is not None else ()))


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ({}, "1316"),
        ({"type": None}, "1316"),
        ({"type": "offset"}, "1312"),
        ({**OFFSET, "limitValue": 0}, "1312"),
        ({**OFFSET, "limitValue": "-1"}, "1312"),
        ({**OFFSET, "limitValue": 1.5}, "1312"),
        ({**OFFSET, "limitValue": 10**19}, "1312"),
        ({**OFFSET, "limitValue": "9" * 30}, "1312"),
        ({**ENDED, "endConditionName": "$..more"}, "1314"),
        ({**PAGE, "initialPageIndex": "x"}, "1312"),
        ({**PAGE, "maximumRequest": 0}, "1312"),
        ({**PAGE, "endPageIndex": "$..pages"}, "1312"),
        ({**PAGE, "endPageIndex": []}, "1312"),
        ({**POINTER, "pointerPath": "$..next"}, "1314"),
        ({**TOKEN, "continuationTokenPath": "$.*"}, "1314"),
        ({**TOKEN, "parameterType": "BODY"}, "1312"),
        ({**OFFSET, "limitValue": "${size}"}, "missing-value"),
    ],
)
def test_a_pagination_that_is_not_valid_makes_no_request(block: dict[str, object], code: str) -> None:
    found, script = run(block)
    assert (script.requests, code in codes(found), found.stop.reason) == ([], True, "the spec makes no request")


def test_offset_counts_by_the_limit_from_0() -> None:
    found, script = run(OFFSET, page(2), page(2), page(1))
    assert script.queries == [{"limit": "2", "offset": str(offset)} for offset in (0, 2, 4, 6)]
    assert (found.stop.reason, found.stop.evidence) == ("a page without records", "offset.no-end")


def test_offset_counts_by_the_records_received_if_that_is_assumed() -> None:
    _, script = run(OFFSET, page(1), page(2), offset__step="received")
    assert [query["offset"] for query in script.queries] == ["0", "1", "3"]


def test_the_first_request_has_no_offset_if_that_is_assumed() -> None:
    _, script = run(OFFSET, page(2), offset__first="omit")
    assert script.queries[:2] == [{"limit": "2"}, {"limit": "2", "offset": "2"}]


@pytest.mark.parametrize(
    ("value", "more", "ends"),
    [
        ("Const:false", False, True),
        ("Const:false", "false", True),
        ("const: false", False, True),
        ("Const:false", True, False),
        ("Const:false", None, False),
        ("Const:false", "FALSE", False),
        ("Const:null", None, True),
        ("Const:0", 0, True),
        ("Const:0", "0", True),
        ("Const:", "", True),
        (False, False, True),
        (0, 0, True),
    ],
)
def test_the_end_condition_compares_values_as_text(value: object, more: object, ends: bool) -> None:
    found, _ = run({**ENDED, "endConditionValue": value}, page(2, more=more), page(2, more=more), page(1, more=more))
    assert sum(not call.probe for call in found.calls) == (1 if ends else 4)
    assert (found.stop.evidence == "offset.end") is ends


def test_an_end_condition_can_be_in_a_header() -> None:
    found, script = run(
        {**ENDED, "endConditionName": "headers.X-Done", "endConditionValue": "Const:yes"}, page(2, {"x-done": "yes"})
    )
    assert (len(script.requests), found.stop.evidence) == (1, "offset.end")


@pytest.mark.parametrize("missing", ["endConditionName", "endConditionValue"])
def test_half_an_end_condition_is_none(missing: str) -> None:
    found, _ = run({key: value for key, value in ENDED.items() if key != missing}, page(2, more=False), page(1, more=False))
    assert found.stop.evidence == "offset.no-end"
    assert codes(found) == []


def test_an_absent_end_condition_ends_the_run_if_that_is_assumed() -> None:
    found, script = run(ENDED, page(2), page(2), end_condition__absent="stop")
    assert len(script.requests) == 1
    assert found.stop.evidence == "end-condition.absent"
    assert len(run(ENDED, page(2, more=True), page(1, more=False), end_condition__absent="stop")[1].requests) == 2


def test_an_end_condition_that_no_answer_could_have_is_not_absent() -> None:
    assert codes(run(ENDED, Answer(204, {}, b""))[0]) == ["no-records"]


def test_an_end_condition_that_is_absent_from_some_answers_only_is_met_later() -> None:
    found, _ = run(ENDED, page(2), page(2, more=True), page(1, more=False))
    assert (found.stop.evidence, codes(found)) == ("offset.end", [])


def test_an_end_condition_that_is_never_met_is_reported() -> None:
    found, _ = run({**ENDED, "endConditionValue": "Const:done"}, page(2, more=True), page(1, more=False))
    assert codes(found) == ["end-condition-unmet"]


@pytest.mark.parametrize("block", [OFFSET, PAGE])
def test_without_an_end_an_empty_page_or_a_short_one_or_nothing_ends_the_run(block: dict[str, object]) -> None:
    row = f"{str(block['type']).lower()}__no_end"
    assert len(run(block, page(2), page(2), page(1))[1].requests) == 4
    assert len(run(block, page(2), page(2), page(1), **{row: "until-short"})[1].requests) == 3
    assert len(run(block, page(2), page(), **{row: "until-short"})[1].requests) == 2
    endless, script = run(block, page(2), page(2), page(1), **{row: "never"})
    assert (len(script.requests), endless.stop.evidence) == (25, None)


def test_pages_count_from_the_initial_page_which_is_0_by_default() -> None:
    assert [query["page"] for query in run(PAGE, page(2), page(2))[1].queries] == ["0", "1", "2"]
    _, script = run({**PAGE, "initialPageIndex": "3"}, page(2), page(2))
    assert [query["page"] for query in script.queries[:3]] == ["3", "4", "5"]
    assert {query["limit"] for query in script.queries} == {"2"}


@pytest.mark.parametrize("end", [2, "2", "headers.X-Pages", "$.meta.pages", "meta.pages"])
def test_the_last_page_is_requested_unless_the_end_is_exclusive(end: object) -> None:
    answers = [page(size, {"x-pages": "2"}, meta={"pages": 2}) for size in (2, 2, 1)]
    block = {**PAGE, "endPageIndex": end}
    inclusive, script = run(block, *answers)
    assert [query["page"] for query in script.queries] == ["0", "1", "2"]
    assert inclusive.stop.reason == "endPageIndex: page 2"
    _, script = run(block, *answers, page__end="exclusive")
    assert [query["page"] for query in script.queries[:2]] == ["0", "1"]
    assert len(script.queries) == (3 if isinstance(end, int) or end == "2" else 2), "a fixed number is checked with one more page"


def test_an_absent_or_unreadable_last_page_is_reported_and_an_empty_page_ends_the_run() -> None:
    for headers in ({}, {"x-pages": "many"}):
        found, script = run({**PAGE, "endPageIndex": "headers.x-pages"}, page(2, headers), page(2, headers))
        assert (len(script.requests), codes(found)) == (3, ["end-page-absent"])


def test_a_last_page_that_some_answer_has_is_not_absent() -> None:
    found, _ = run({**PAGE, "endPageIndex": "headers.x-pages"}, page(2), page(1, {"x-pages": "1"}))
    assert (found.stop.evidence, codes(found)) == ("page.end", [])


def test_an_absent_last_page_ends_the_run_if_that_is_assumed() -> None:
    found, script = run({**PAGE, "endPageIndex": "headers.x-pages"}, page(2), page(2), page__end_absent="stop")
    assert (len(script.requests), found.stop.evidence) == (1, "page.end-absent")


def test_maximum_request_ends_the_run_and_pages_behind_it_are_an_error() -> None:
    found, script = run({**PAGE, "maximumRequest": "2"}, page(2), page(2), page(1))
    assert [query["page"] for query in script.queries] == ["0", "1", "2"]
    assert (found.stop.evidence, found.records, codes(found)) == ("page.maximum", 4, ["end-page-early"])
    assert found.findings[0].path is not None
    assert found.findings[0].path[-1] == "maximumRequest"


def test_the_default_of_maximum_request_is_10_000() -> None:
    def endless(_asked: Request) -> Answer:
        return page(1)

    found = tried(source({**PAGE, "limitValue": 1}), endless, None, 20_000)
    assert (found.stop.evidence, len([call for call in found.calls if not call.probe])) == ("page.maximum", 10_000)


def test_a_pointer_is_followed_and_the_limit_is_in_the_first_request_only() -> None:
    found, script = run(POINTER, page(2, next="/b?c=2"), page(1))
    assert [asked.url for asked in script.requests] == [f"{HOST}{PATH}?limit=2", f"{HOST}/b?c=2"]
    assert (found.stop.reason, found.stop.by_source, codes(found)) == ("pointer: $.next is absent", True, [])


def test_the_limit_is_in_each_request_if_that_is_assumed() -> None:
    _, script = run(POINTER, page(2, next="/b?limit=9&c=2"), page(1), pointer__limit="every")
    assert script.requests[1].url == f"{HOST}/b?limit=2&c=2"


@pytest.mark.parametrize(("value", "word"), [(None, "null"), ("", "empty"), ("  ", "empty")])
def test_a_null_or_empty_pointer_ends_the_run(value: object, word: str) -> None:
    found, script = run(POINTER, page(2, next="/b"), page(1, next=value))
    assert (len(script.requests), found.stop.reason, codes(found)) == (2, f"pointer: $.next is {word}", [])


def test_an_empty_address_is_the_same_address_if_that_is_assumed() -> None:
    found, _ = run(POINTER, page(2, next="/b"), page(1, next=""), pointer__empty_text="same-address")
    assert codes(found) == ["loop"]


@pytest.mark.parametrize("value", [1, True, False, {}, {"href": "/b"}, ["/b"]])
def test_a_pointer_that_is_no_string_is_an_error(value: object) -> None:
    found, script = run(POINTER, page(2, next=value))
    assert (len(script.requests), codes(found)) == (1, ["pointer-not-text"])


def test_an_address_that_is_not_valid_is_an_error_of_the_path() -> None:
    found, script = run(POINTER, page(2, next="ftp://a.example/b"))
    assert (len(script.requests), codes(found)) == (1, ["pointer-address"])
    assert found.findings[0].path == ("sourceSpec", "attributes", "paginationParams", "pointerPath")


def test_a_pointer_to_another_host_is_followed_without_credentials() -> None:
    script = Script([page(2, next="https://b.example.com/x"), page(1)])
    found = tried(source(POINTER), script, request(headers=(("Authorization", "Bearer s"),)))
    assert (script.requests[1].url, script.requests[1].headers) == ("https://b.example.com/x", ())
    assert (found.records, codes(found)) == (3, ["other-host"])
