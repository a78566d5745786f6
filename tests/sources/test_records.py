"""The records of an answer, and the rows that the mapping sees."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.records import records_of
from tests.sources.apis import answer
from tests.sources.trials import source, tried

NONE = {"type": "NONE"}
ANSWER = {
    "total": 2,
    "secret": "s",
    "none": None,
    "emails": [{"id": 1, "note": None, "acts": [{"a": 1}, {"a": None}]}, {"id": 2, "acts": []}],
}


def rows(body: Any, content: object, explode: object = None, **assume: str) -> list[Any]:
    overrides = {key.replace("__", ".").replace("_", "-"): value for key, value in assume.items()}
    found, wrong = records_of(source(NONE, content, explodeEntityPath=explode), Assumptions(overrides))
    records = found.of(body)
    assert wrong == ()
    assert isinstance(records, list), records
    return list(found.rows(body, records))


def mistake(body: Any, content: object, **assume: str) -> tuple[str, str]:
    overrides = {key.replace("__", ".").replace("_", "-"): value for key, value in assume.items()}
    found = records_of(source(NONE, content), Assumptions(overrides))[0].of(body)
    assert isinstance(found, Finding), found
    return found.code, found.message


def test_a_row_has_the_record_under_its_name_beside_the_envelope() -> None:
    assert rows(ANSWER, "$.emails")[1] == {"total": 2, "secret": "s", "emails": {"id": 2, "acts": []}}
    assert rows(ANSWER, {"path": "$.emails", "overrideWrapperAttribute": "email"})[1]["email"] == {"id": 2, "acts": []}


def test_attributes_of_the_envelope_are_skipped_or_kept() -> None:
    assert set(rows(ANSWER, {"path": "$.emails", "skipAttributes": ["secret", "id"]})[0]) == {"total", "emails"}
    assert set(rows(ANSWER, {"path": "$.emails", "keepAttributes": ["total"]})[0]) == {"total", "emails"}
    assert rows(ANSWER, {"path": "$.emails", "skipAttributes": ["secret", "id"]})[1]["emails"] == {"id": 2, "acts": []}


def test_attributes_are_those_of_the_record_if_that_is_assumed() -> None:
    block = {"path": "$.emails", "skipAttributes": ["acts", "total"]}
    assert rows(ANSWER, block, row__attributes="record")[1] == {"total": 2, "secret": "s", "emails": {"id": 2}}


def test_a_bare_row_is_the_record_itself() -> None:
    assert rows(ANSWER, "$.emails", row__wrapped="bare")[1] == {"id": 2, "acts": []}


def test_nulls_are_dropped_at_any_depth_unless_they_are_assumed_to_be_kept() -> None:
    assert rows(ANSWER, "$.emails")[0]["emails"] == {"id": 1, "acts": [{"a": 1}, {}]}
    assert rows(ANSWER, "$.emails", row__nulls="kept")[0] == {**ANSWER, "emails": ANSWER["emails"][0]}  # type: ignore[index]


def test_each_inner_item_is_a_row_beside_what_is_kept() -> None:
    explode = {"path": "$.email.acts", "overrideWrapperAttribute": "act", "keepAttributes": ["id"]}
    content = {"path": "$.emails", "overrideWrapperAttribute": "email"}
    assert rows(ANSWER, content, explode) == [{"id": 1, "act": {"a": 1}}, {"id": 1, "act": {}}]
    assert rows(ANSWER, content, explode, row__wrapped="bare") == [{"id": 1, "act": {"a": 1}}, {"id": 1, "act": {}}]
    all_kept = rows(ANSWER, content, "$.email.acts")
    assert all_kept[0] == {"total": 2, "secret": "s", "id": 1, "acts": {"a": 1}}


@pytest.mark.parametrize("wrapped", ["wrapped", "bare"])
@pytest.mark.parametrize(("names", "name"), [({"overrideWrapperAttribute": "act"}, "act"), ({}, "acts")])
def test_inner_items_have_their_own_name_whatever_the_record_is_called(wrapped: str, names: dict[str, str], name: str) -> None:
    content = {"path": "$.emails", "overrideWrapperAttribute": "email"}
    explode = {"path": "$.email.acts", "keepAttributes": ["id"], **names}
    assume = {} if wrapped == "wrapped" else {"row__wrapped": wrapped}
    assert rows(ANSWER, content, explode, **assume)[0] == {"id": 1, name: {"a": 1}}


def test_the_name_of_the_array_does_not_lead_to_records_that_have_another() -> None:
    content = {"path": "$.emails", "overrideWrapperAttribute": "email"}
    assert rows(ANSWER, content, "$.emails.acts") == []
    assert rows(ANSWER, content, "$.emails.acts", row__wrapped="bare") == []
    assert rows(ANSWER, "$.emails", "$.email.acts") == []


def test_items_of_an_array_that_is_the_answer_are_rows_without_a_name() -> None:
    assert rows([{"id": 1}], "$") == [{"id": 1}]
    assert rows([{"id": 1}], {"path": "$", "overrideWrapperAttribute": "thing"}) == [{"thing": {"id": 1}}]
    assert rows([{"items": [{"id": 1}]}], "$[0].items") == [{"items": {"id": 1}}]


def test_the_array_can_be_deeper_and_its_name_quoted() -> None:
    assert rows({"a": {"b c": [{"id": 1}], "n": 1}, "m": 2}, "$.a['b c']") == [{"n": 1, "b c": {"id": 1}}]


def test_without_content_path_the_answer_is_the_array() -> None:
    assert rows([{"id": 1}], None) == [{"id": 1}]
    assert rows([{"id": 1}], "  ") == [{"id": 1}]


def test_null_and_an_empty_array_are_pages_without_records() -> None:
    assert rows({"a": None}, "$.a") == []
    assert rows({"a": []}, "$.a") == []
    assert mistake({"a": None}, "$.a", content__null="refused") == ("1315", "$.a is null, not an array")


def test_a_path_that_ends_above_the_only_array_has_the_whole_path_as_its_next_step() -> None:
    records, _ = records_of(source(NONE, "$.a"), Assumptions())
    found = records.of({"a": {"items": [{"id": 1}]}, "meta": {"n": 1}})
    assert isinstance(found, Finding)
    assert found.hint == "write $.a.items, if these are the records"


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"b": []}, "$.a", "1313"),
        ([], "$.a", "1313"),
        (None, "$.a", "1313"),
        ("text", "$.a", "1313"),
        ({"a": {}}, "$.a", "1315"),
        ({"a": "x"}, "$.a", "1315"),
        ({"a": [1]}, "$.a", "1315"),
        ({"a": [{"id": 1}, None]}, "$.a", "1315"),
        ({"a": [[{"id": 1}]]}, "$.a", "1315"),
        ({"id": 1}, "$", "1315"),
    ],
)
def test_a_path_that_does_not_lead_to_an_array_of_objects_is_an_error_of_flow_service(body: object, path: str, code: str) -> None:
    assert mistake(body, path)[0] == code


def test_a_missing_member_is_answered_with_those_that_there_are() -> None:
    names: dict[str, Any] = {f"n{number}": [] for number in range(9)}
    assert mistake({**names}, "$.a")[1] == "$.a is not in the answer; it has n0, n1, n2, n3, n4"
    assert mistake({"\x1b[31m": 1, "x" * 99: 1}, "$.a")[1] == f"$.a is not in the answer; it has {'x' * 40}"


@pytest.mark.parametrize("path", ["$..a", "$.a[*]", "$.*", "$.a[?(@.b)]"])
def test_a_complex_path_is_refused_before_the_first_request(path: str) -> None:
    found, wrong = records_of(source(NONE, {"path": path}), Assumptions())
    assert ([item.code for item in wrong], found.content) == (["1314"], None)
    assert wrong[0].path == ("sourceSpec", "attributes", "contentPath", "path")
    _, wrong = records_of(source(NONE, "$.a", explodeEntityPath=path), Assumptions())
    assert [(item.code, item.path) for item in wrong] == [("1314", ("sourceSpec", "attributes", "explodeEntityPath"))]


def test_attributes_of_another_type_are_not_read() -> None:
    block = {"path": "$.emails", "skipAttributes": "secret", "keepAttributes": {"a": 1}, "overrideWrapperAttribute": 1}
    assert set(rows(ANSWER, block)[0]) == {"total", "secret", "emails"}


def test_a_record_of_any_depth_becomes_a_row() -> None:
    deep: Any = None
    for _ in range(900):
        deep = {"a": deep}
    assert len(rows({"items": [deep]}, "$.items")) == 1


def test_an_inner_array_that_no_record_of_the_first_page_has_is_an_error() -> None:
    content = {"path": "$.emails", "overrideWrapperAttribute": "email"}
    for path, expected in (("$.email.acts", []), ("$.emails.acts", ["1319"]), ("$.email.id", ["1319"])):
        found = tried(source(NONE, content, explodeEntityPath=path), lambda _asked: answer(ANSWER))
        assert [item.code for item in found.findings if item.code == "1319"] == expected
    empty = tried(source(NONE, content, explodeEntityPath="$.email.acts"), lambda _asked: answer({"emails": []}))
    assert "1319" not in [item.code for item in empty.findings]


def test_the_array_is_not_beside_its_own_records() -> None:
    content = {"path": "$.a.items", "overrideWrapperAttribute": "item"}
    assert rows({"a": {"items": [{"id": 1}], "n": 1}}, content) == [{"n": 1, "item": {"id": 1}}]


def test_an_array_in_an_array_has_nothing_beside_it() -> None:
    assert rows({"a": [[{"id": 1}]], "n": 1}, "$.a[0]") == [{"id": 1}]


def test_attributes_of_a_record_without_a_name_are_its_own() -> None:
    assert rows([{"id": 1, "s": 2}], {"path": "$", "skipAttributes": ["s"]}) == [{"id": 1}]


def test_empty_attributes_change_nothing() -> None:
    block = {"path": "$.emails", "skipAttributes": [["secret"], None], "keepAttributes": [], "overrideWrapperAttribute": ""}
    assert set(rows(ANSWER, block)[0]) == {"total", "secret", "emails"}


def test_the_inner_array_is_not_beside_its_own_items() -> None:
    content = {"path": "$.emails", "overrideWrapperAttribute": "email"}
    (first, _) = rows(ANSWER, content, {"path": "$.email.acts", "overrideWrapperAttribute": "act"})
    assert first == {"total": 2, "secret": "s", "id": 1, "act": {"a": 1}}


def test_inner_items_without_a_name_are_called_item() -> None:
    assert rows({"emails": [{"acts": [[{"a": 1}]]}]}, "$.emails", "$.emails.acts[0]") == [{"item": {"a": 1}}]


def test_an_answer_without_members_has_none_to_show() -> None:
    assert mistake({}, "$.a")[1] == mistake([], "$.a")[1] == "$.a is not in the answer"


def test_lists_of_any_depth_become_a_row() -> None:
    deep: Any = None
    for _ in range(900):
        deep = [deep]
    assert len(rows({"items": [{"a": deep}]}, "$.items")) == 1


def test_a_complex_path_of_the_records_is_never_tried_and_one_of_inner_items_is_left_out() -> None:
    assert tried(source(NONE, "$..a"), lambda _asked: answer({"a": [{}]})).calls == ()
    found = tried(source(NONE, "$.a", explodeEntityPath="$..b"), lambda _asked: answer({"a": [{"b": [1]}]}))
    assert ([item.code for item in found.findings], found.rows) == (["1314"], ({"a": {"b": [1]}},))


def test_later_pages_may_have_no_inner_items() -> None:
    paging = {"type": "PAGE", "limitName": "l", "limitValue": 1, "pageParamName": "p"}
    pages = [answer({"a": [{"b": [1]}]}), answer({"a": [{"b": None}]}), answer({"a": []})]
    found = tried(source(paging, "$.a", explodeEntityPath="$.a.b"), lambda _asked: pages.pop(0))
    assert (found.records, [item.code for item in found.findings]) == (2, [])


def test_a_trial_relies_on_the_rows_about_what_its_answers_had() -> None:
    for body, key in (({"a": []}, "content.empty"), ({"a": [{"b": [1]}]}, "row.explode"), ({"a": [{}]}, "content.path")):
        used = tried(source(NONE, "$.a", explodeEntityPath="$.a.b"), lambda _asked, body=body: answer(body)).used  # type: ignore[misc]
        assert key in used
        assert ("content.empty" in used) is (key == "content.empty")


def test_the_only_list_of_the_answer_is_the_next_step() -> None:
    found = records_of(source(NONE, "$.data"), Assumptions())[0].of({"members": [{"id": 1}]})
    assert isinstance(found, Finding)
    assert found.hint == "write $.members, if these are the records"
