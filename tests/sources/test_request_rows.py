"""Which rows of the evidence table a request relies on, and what no value can do to where it goes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from reconciler.documents.json_text import Document
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.request import first_request
from reconciler.sources.source import Source
from reconciler.sources.values import Values
from reconciler.sources.window import Mode, Window
from tests.sources.requests import (
    ADVANCE,
    BACKFILL,
    BASIC,
    HOST,
    LATER,
    OAUTH,
    SCHEDULE,
    URL,
    USER,
    first,
    sent,
    source,
    told,
)

KEYS: Final[Document] = {
    "name": "Keys",
    "type": "KeyBased",
    "spec": {
        "properties": {
            "one": {"restAttributes": {"headerParamName": "X-One"}},
            "two": {"restAttributes": {"headerParamName": "X-Two"}},
            "odd": "not a schema",
        },
        "required": ["one", "two"],
    },
}


def relied_on(window: Window | None = None, values: Values | None = None, auth: Any = None, **attributes: Any) -> set[str]:
    url = {**URL, **attributes.pop("url", {})}
    assumed = Assumptions()
    body = {"authSpec": auth or [], "sourceSpec": {"attributes": {"urlParams": url, **attributes}}}
    first_request(Source(body), values or Values(), window, assumed)
    return set(assumed.used) - {"request.accept"}


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        ({}, set()),
        ({"url": {"path": "/${a}"}, "values": source(a="1")}, {"request.placeholders"}),
        ({"url": {"path": "/@{concat('a')}"}}, {"request.expressions"}),
        ({"url": {"queryParams": {"a": "1"}}}, {"request.query"}),
        ({"url": {"queryParams": {"a": "1:2"}}}, {"request.query", "query.encoding"}),
        ({"headerParams": {"a": "1"}}, {"request.headers"}),
        ({"url": {"method": "POST"}, "bodyParams": {"a": 1}}, {"request.body", "request.content-type"}),
        ({"auth": [BASIC], "values": Values(None, USER)}, {"auth.basic"}),
        ({"auth": [OAUTH], "values": Values(None, {"accessToken": Secret("s")})}, {"auth.oauth"}),
        ({"auth": [KEYS], "values": Values(None, {"one": "1", "two": "2"})}, {"auth.key"}),
        ({"url": {"host": None}, "values": Values(None, {"host": "a.example"})}, {"host.from-auth", "request.placeholders"}),
        (
            {"scheduleParams": SCHEDULE, "window": BACKFILL},
            {"window.first-run", "window.parameters", "window.format", "window.utc"},
        ),
        (
            {"scheduleParams": {**ADVANCE, "backfill": "all"}, "window": BACKFILL},
            {"window.first-run", "window.query", "window.advance"},
        ),
    ],
)
def test_a_request_names_each_row_that_it_relies_on(given: dict[str, Any], rows: set[str]) -> None:
    assert relied_on(**given) == rows


@pytest.mark.parametrize(
    ("host", "value"),
    [
        ("https://${h}", "a.example/x"),
        ("https://${h}", "http://a.example"),
        ("${h}/v1", "https://a.example"),
        ("a.${h}", "x/y"),
        ("https://a.${h}", "b.example/x"),
        ("https://${h}.a.example", "b.example:80"),
    ],
)
def test_a_value_within_an_address_is_a_part_of_a_host_only(host: str, value: str) -> None:
    found = first({"host": host}, values=source(h=value))
    assert (found.request, "unsafe-value" in told(found)) == (None, True)


def test_an_empty_value_in_the_path_of_the_host_is_missing() -> None:
    assert told(first({"host": f"{HOST}/${{a}}/v1"}, values=source(a=""))) == ["missing-value"]


def test_dots_after_the_path_lead_nowhere() -> None:
    assert sent({"path": "/a?x=${v}"}, values=source(v="b/..")).query == (("x", "b/.."),)


def test_a_path_that_is_no_string_is_told_and_a_missing_one_is_empty() -> None:
    assert told(first({"path": 1})) == ["no-request"]
    assert sent({"path": None}).url == HOST


def test_a_host_of_spaces_is_none() -> None:
    assert told(first({"host": "  "})) == ["no-request"]


def test_a_host_of_the_spec_comes_before_that_of_the_connection() -> None:
    assert sent(values=Values(None, {"host": "other.example"})).url == f"{HOST}/items"


def test_each_required_key_without_a_value_is_told() -> None:
    found = first(auth=[KEYS], values=Values(None, {"one": "1"}))
    assert [(item.code, item.message) for item in found.findings] == [("missing-value", "`two` has no value")]
    optional = {**KEYS, "spec": {**KEYS["spec"], "required": None}}
    assert sent(auth=[optional], values=Values(None, {"one": "1", "odd": "x"})).headers[0] == ("X-One", "1")


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_keys_are_also_declared_in_parts_of_a_schema(keyword: str) -> None:
    nested = {**KEYS, "spec": {keyword: [None, KEYS["spec"]]}}
    assert sent(auth=[nested], values=Values(None, {"one": "1"})).headers[0] == ("X-One", "1")


def test_only_the_header_that_the_author_writes_takes_the_place_of_a_key() -> None:
    given = Values(None, {"one": "1", "two": "2"})
    assert sent(auth=[KEYS], values=given, headerParams={"x-one": "own"}).headers[:2] == (("x-one", "own"), ("X-Two", "2"))
    other = sent(auth=[KEYS], values=given, headerParams={"x-one": "own", "a": "b"}, assumed={"auth.own-header": "auth"})
    assert other.headers[:3] == (("a", "b"), ("X-One", "1"), ("X-Two", "2"))


def test_a_body_has_a_content_type_unless_the_author_writes_one() -> None:
    asked = {"method": "POST"}
    assert ("Content-Type", "application/json") in sent(asked, bodyParams={"a": 1}).headers
    own = sent(asked, bodyParams={"a": 1}, headerParams={"content-type": "text/csv"}).headers
    assert [pair for pair in own if pair[0].lower() == "content-type"] == [("content-type", "text/csv")]
    assert not [name for name, _ in sent(asked).headers if name == "Content-Type"]


def test_a_name_that_no_entry_has_is_answered_with_those_that_there_are() -> None:
    (one,) = first(auth=[BASIC, OAUTH], values=Values("Other")).findings
    assert (one.hint, one.path) == ("use one of: 'Basic', 'OAuth'", ("authSpec",))
    (one,) = first(auth=[{"type": "KeyBased"}], values=Values("Other")).findings
    assert (one.hint, one.path) == ("give it a name", ("authSpec",))


def test_a_first_run_with_a_start_sends_it_where_it_is_assumed_to_send_one() -> None:
    window = Window(Mode.BACKFILL, datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 11, 27, tzinfo=UTC))
    asked = sent(scheduleParams=SCHEDULE, window=window, assumed={"window.first-run": "incremental"})
    assert asked.query == (("since", "2020-01-01"), ("until", "2026-11-27"))


def test_expressions_know_the_times_of_the_run() -> None:
    path = "/items?to=@{pipeline()?.parameters?.ingestionEnd}&from=@{coalesce(pipeline()?.parameters?.ingestionStart,'never')}"
    assert sent({"path": path}, window=BACKFILL).query == (("to", "2026-11-27T00:00:00Z"), ("from", "never"))
    assert sent({"path": path}, window=LATER).query[1] == ("from", "2026-11-26T00:00:00Z")


@pytest.mark.parametrize(("text", "result"), [("equals('a','b')", "false"), ("equals('a','a')", "true")])
def test_different_strings_are_not_equal(text: str, result: str) -> None:
    assert sent({"path": f"/@{{if({text},'true','false')}}"}).url == f"{HOST}/{result}"


def test_a_source_without_a_url_and_one_without_a_method_say_so() -> None:
    nothing = first_request(Source({}), Values(), None, Assumptions())
    assert [(item.code, item.hint) for item in nothing.findings] == [("no-request", "try a batch source")]
    assert [item.message for item in first({"method": None}).findings] == ["`urlParams` has no `method`"]
    assert [item.message for item in first({"method": "PUT"}).findings] == ["'PUT' is not a valid method"]


def test_a_parameter_without_a_value_in_the_path_is_sent_twice_too() -> None:
    assert told(first({"path": "/items?a", "queryParams": {"a": "1"}})) == ["query-twice"]
