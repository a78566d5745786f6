"""Headers, credentials and times of the first request."""

from __future__ import annotations

import base64
from urllib.parse import unquote, urlsplit

import pytest

from reconciler.documents.json_text import Document, Json
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
    END,
    HOST,
    LATER,
    OAUTH,
    SCHEDULE,
    START,
    URL,
    USER,
    first,
    only,
    sent,
    source,
    told,
)


@pytest.mark.parametrize("name", ["", "a b", "X:", "a\n", "ä", "Host", "content-length", "Transfer-Encoding", "page[after]"])
def test_a_header_that_is_not_the_authors_is_refused(name: str) -> None:
    found = first(headerParams={name: "x"})
    assert (found.request, told(found)) == (None, ["header-name"])


@pytest.mark.parametrize(
    "name",
    [
        *("keep-alive", "Connection", "TE", "trailer", "Upgrade", "expect", "proxy-authorization", "proxy-connection"),
        *("Content-Length", "transfer-encoding"),
    ],
)
def test_headers_that_decide_where_a_request_ends_belong_to_the_client(name: str) -> None:
    assert told(first(headerParams={name: "x"})) == ["header-name"]
    assert sent(headerParams={f"{name}-2": " x\t"}).headers[0] == (f"{name}-2", "x")


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "ä", "\x00", "\x7f"])
def test_a_value_that_no_header_has_is_refused_and_not_shown(value: str) -> None:
    found = first(headerParams={"X-A": "Token ${a}"}, values=source(a=Secret(value)))
    assert (found.request, told(found)) == (None, ["header-value"])
    assert "Evil" not in repr(found)
    key: Document = {"type": "KeyBased", "spec": {"properties": {"k": {"restAttributes": {"headerParamName": "X-K"}}}}}
    assert told(first(auth=[key], values=Values(None, {"k": Secret(value)}))) == ["header-value"]


def test_json_is_accepted_unless_the_author_accepts_something_else() -> None:
    assert sent().headers == (("Accept", "application/json"),)
    assert sent(headerParams={"accept": "text/x"}).headers == (("accept", "text/x"),)
    own = {"content-type": "application/vnd.acme+json"}
    assert sent({"method": "POST"}, bodyParams={"a": 1}, headerParams=own).headers[0] == next(iter(own.items()))
    assert len(sent({"method": "POST"}, bodyParams={"a": 1}, headerParams=own).headers) == 2


# Authentication.


def test_basic_authentication_sends_user_and_password_in_utf_8() -> None:
    (name, value), _ = sent(auth=[BASIC], values=Values(None, USER)).headers
    assert (name, base64.b64decode(value.removeprefix("Basic ")).decode()) == ("Authorization", "u:pä:w")


def test_oauth_sends_its_token_unless_it_is_assumed_otherwise() -> None:
    values = Values("OAuth", {"accessToken": Secret("T")})
    assert sent(auth=[BASIC, OAUTH], values=values).headers[0] == ("Authorization", "Bearer T")
    assert sent(auth=[OAUTH], values=values, assumed={"auth.oauth": "none"}).headers == (("Accept", "application/json"),)


def keys(*required: str, **headers: str | None) -> Document:
    declared = {
        name: {} if header is None else {"restAttributes": {"headerParamName": header}} for name, header in headers.items()
    }
    return {"name": "Keys", "type": "KeyBased", "spec": {"properties": declared, "required": list(required)}}


def test_each_key_is_sent_in_its_header() -> None:
    values = Values(None, {"a": Secret("1"), "b": Secret("2"), "c": "3"})
    asked = sent(auth=[keys("a", a="X-A", b="X-B", c=None, d="X-D")], values=values)
    assert asked.headers == (("X-A", "1"), ("X-B", "2"), ("Accept", "application/json"))


def test_keys_that_a_branch_of_the_schema_declares_are_sent() -> None:
    entry: Document = {
        "type": "KeyBased",
        "spec": {"oneOf": [{"properties": {"a": {"restAttributes": {"headerParamName": "X-A"}}}}]},
    }
    assert sent(auth=[entry], values=Values(None, {"a": "1"})).headers[0] == ("X-A", "1")


@pytest.mark.parametrize(
    ("entries", "values", "code"),
    [
        ([BASIC], Values(None, {"username": "u"}), "missing-value"),
        ([OAUTH], Values(), "missing-value"),
        ([keys("a", a="X-A")], Values(), "missing-value"),
        ([keys(a=None)], Values(None, {"a": "1"}), "missing-value"),
        ([{"type": "KeyBased", "spec": {"properties": {"a": {"restAttributes": {}}}}}], Values(None, {"a": "1"}), "auth-type"),
        ([{"name": "X", "type": "OAuth1"}], Values(), "auth-type"),
        ([{"name": "X", "type": ["KeyBased"]}], Values(), "auth-type"),
        ([BASIC, OAUTH], Values(), "auth-type"),
        ([BASIC, BASIC], Values("Basic"), "auth-type"),
        ([BASIC], Values("Other", USER), "auth-type"),
        ([], Values("Other"), "auth-type"),
    ],
)
def test_credentials_that_cannot_be_sent_are_found(entries: list[Document], values: Values, code: str) -> None:
    found = first(auth=entries, values=values)
    assert found.request is None
    assert set(told(found)) == {code}


def test_a_header_of_the_author_replaces_that_of_the_authentication_unless_it_is_assumed_otherwise() -> None:
    values = Values(None, {"accessToken": Secret("T")})
    own = {"authorization": "Token ${accessToken}"}
    assert sent(auth=[OAUTH], values=values, headerParams=own).headers[0] == ("authorization", "Token T")
    assumed = {"auth.own-header": "auth"}
    assert sent(auth=[OAUTH], values=values, headerParams=own, assumed=assumed).headers[0] == ("Authorization", "Bearer T")


def test_no_text_of_a_request_shows_its_secrets() -> None:
    found = first({"path": "/${k}"}, auth=[BASIC], values=Values(None, {**USER, "k": Secret("hidden")}))
    assert "hidden" not in repr(found)


# Schedules.


@pytest.mark.parametrize(
    ("window", "assumed", "query"),
    [
        (None, {}, ""),
        (BACKFILL, {}, "until=2026-11-27"),
        (BACKFILL, {"window.first-run": "incremental"}, "since=1970-01-01&until=2026-11-27"),
        (LATER, {}, "since=2026-11-26&until=2026-11-27"),
        (Window(Mode.PREVIEW, START, END), {}, ""),
        (Window(Mode.PREVIEW, START, END), {"window.preview": "as-run"}, "since=2026-11-26&until=2026-11-27"),
        (Window(Mode.PREVIEW, None, END), {"window.preview": "as-run"}, "until=2026-11-27"),
        (Window(Mode.PREVIEW), {"window.preview": "as-run"}, ""),
        (Window(Mode.BACKFILL), {"window.first-run": "incremental"}, ""),
    ],
)
def test_a_run_sends_the_times_of_its_kind(window: Window | None, assumed: dict[str, str], query: str) -> None:
    assert urlsplit(sent(window=window, assumed=assumed, scheduleParams=SCHEDULE).url).query == query


@pytest.mark.parametrize(
    ("window", "query"),
    [(None, ""), (BACKFILL, "u<2026-11-27"), (LATER, "u>2026-11-26 u<2026-11-27"), (Window(Mode.PREVIEW, None, END), "")],
)
def test_the_query_of_a_run_takes_its_place_everywhere(window: Window | None, query: str) -> None:
    place = "[{SCHEDULE_QUERY}]"
    asked = sent(
        {"method": "POST", "path": f"/{place}", "queryParams": {"q": place}},
        window=window,
        scheduleParams=ADVANCE,
        headerParams={"X-Q": place},
        bodyParams={"q": [place]},
    )
    assert unquote(urlsplit(asked.url).path) == f"/[{query}]"
    assert asked.query == (("q", f"[{query}]"),)
    assert asked.headers[0] == ("X-Q", f"[{query}]")
    assert asked.body == {"q": [f"[{query}]"]}


def test_a_first_run_starts_in_1970_where_its_query_has_a_start_unless_it_is_assumed_otherwise() -> None:
    schedule = {**ADVANCE, "backfill": ADVANCE["incremental"]}
    url = {"queryParams": {"q": "{SCHEDULE_QUERY}"}}
    assert sent(url, scheduleParams=schedule, window=BACKFILL).query == (("q", "u>1970-01-01 u<2026-11-27"),)
    as_written = sent(url, scheduleParams=schedule, window=BACKFILL, assumed={"window.backfill-start": "as-written"})
    assert as_written.query == (("q", "u>{START_TIME} u<2026-11-27"),)


def test_a_parameter_that_is_an_empty_query_is_left_out() -> None:
    assert sent({"queryParams": {"q": "{SCHEDULE_QUERY}"}}, scheduleParams=ADVANCE).url == f"{HOST}/items"


def test_the_query_of_a_schedule_has_values_and_stands_in_expressions() -> None:
    schedule = {**ADVANCE, "backfill": "type:${t} u<{END_TIME}"}
    url = {"path": "/items@{concat('?q={SCHEDULE_QUERY}&t=${t}')}"}
    assert sent(url, scheduleParams=schedule, window=BACKFILL, values=source(t="a&b")).url == (
        f"{HOST}/items?q=type%3Aa%26b%20u%3C2026-11-27&t=a%26b"
    )


def test_a_format_that_cannot_be_used_is_a_warning_and_iso_is_sent() -> None:
    schedule = {**SCHEDULE, "scheduleEndParamFormat": "yyyy'"}
    found = first(scheduleParams=schedule, window=BACKFILL)
    assert only(found) == (
        "window-format",
        "`scheduleEndParamFormat`: it is not a date format: ' is not closed",
        "scheduleEndParamFormat",
    )
    assert found.request is not None
    assert found.request.query == (("until", "2026-11-27T00:00:00Z"),)


def test_a_time_without_a_format_is_iso() -> None:
    schedule = {key: value for key, value in SCHEDULE.items() if not key.endswith("Format")}
    assert sent(scheduleParams=schedule, window=BACKFILL).query == (("until", "2026-11-27T00:00:00Z"),)


def test_odd_formats_are_found_once_for_each_field() -> None:
    odd = "yyyy-MM-ddTHH:mm:ss:fffffffK"
    schedule = {**SCHEDULE, "scheduleStartParamFormat": odd, "scheduleEndParamFormat": odd}
    places = [item.path and item.path[-1] for item in first(scheduleParams=schedule, window=LATER).findings]
    assert places == ["scheduleStartParamFormat", "scheduleEndParamFormat"]
    advance = {**ADVANCE, "paramFormat": odd}
    found = first({"queryParams": {"q": "{SCHEDULE_QUERY}"}}, scheduleParams=advance, window=LATER)
    assert only(found)[::2] == ("window-format", "paramFormat")


@pytest.mark.parametrize(
    ("schedule", "place"),
    [
        ({}, "scheduleParams"),
        ([], "scheduleParams"),
        ({"type": "OTHER"}, "type"),
        ({**SCHEDULE, "scheduleStartParamName": ""}, "scheduleParams"),
        ({**ADVANCE, "backfill": " "}, "scheduleParams"),
    ],
)
def test_a_schedule_without_its_fields_is_found(schedule: Json, place: str) -> None:
    found = first({"queryParams": {"q": "{SCHEDULE_QUERY}"}}, scheduleParams=schedule, window=BACKFILL)
    (item,) = [item for item in found.findings if item.code == "1317"]
    assert item.path is not None
    assert item.path[-1] == place
    assert found.request is not None


def test_a_query_without_a_place_and_a_place_without_a_query_are_found() -> None:
    assert told(first(scheduleParams=ADVANCE, window=BACKFILL)) == ["schedule-query-unused"]
    found = first({"queryParams": {"q": "{SCHEDULE_QUERY}"}}, scheduleParams=SCHEDULE, window=BACKFILL)
    assert only(found)[::2] == ("schedule-query-undefined", "q")
    assert found.request is not None
    assert found.request.query == (("q", "{SCHEDULE_QUERY}"), ("until", "2026-11-27"))


@pytest.mark.parametrize(
    ("query", "is_swapped"),
    [
        ("u<{START_TIME} u>{END_TIME}", True),
        ("u <= '{START_TIME}' and u >= '{END_TIME}'", True),
        ("u lt {START_TIME} and u gt {END_TIME}", True),
        ("u>{START_TIME} u<{END_TIME}", False),
        ("{START_TIME}<u and {END_TIME}>u", False),
        ("u between {START_TIME} and {END_TIME}", False),
        ("u<{END_TIME} u>{START_TIME}", False),
        ("u<{START_TIME} u<{END_TIME}", False),
        ("u>{START_TIME} u>{END_TIME}", False),
    ],
)
def test_a_query_that_asks_for_nothing_is_found(query: str, *, is_swapped: bool) -> None:
    found = first({"queryParams": {"q": "{SCHEDULE_QUERY}"}}, scheduleParams={**ADVANCE, "incremental": query}, window=LATER)
    assert told(found) == (["window-swapped"] if is_swapped else [])


def test_a_query_of_later_runs_that_asks_for_nothing_is_found_in_the_first_run() -> None:
    swapped = {**ADVANCE, "incremental": "u>{END_TIME} u<{START_TIME}"}
    found = first({"queryParams": {"q": "{SCHEDULE_QUERY}"}}, scheduleParams=swapped)
    assert told(found) == ["window-swapped"]
    assert (found.findings[0].path or ())[-1] == "incremental"


@pytest.mark.parametrize(
    "placed",
    [{"queryParams": {"key": "${k}"}}, {"headerParams": {"X-K": "Token ${k}"}}, {"method": "POST", "bodyParams": {"a": "${k}"}}],
)
def test_a_key_may_be_where_the_request_has_its_name(placed: Document) -> None:
    entry: Document = {"name": "Keys", "type": "KeyBased", "spec": {"properties": {"k": {"type": "string"}}}}
    url = {key: value for key, value in placed.items() if key not in ("headerParams", "bodyParams")}
    beside = {key: value for key, value in placed.items() if key in ("headerParams", "bodyParams")}
    found = first(url, values=Values("Keys", {"k": "v"}), auth=[entry], **beside)
    assert told(found) == []


def test_what_is_not_documented_is_asked_of_the_evidence_table() -> None:
    assumed = Assumptions()
    body: Document = {
        "authSpec": [OAUTH],
        "sourceSpec": {"attributes": {"urlParams": {**URL, "queryParams": {"a": "1,2"}}, "scheduleParams": SCHEDULE}},
    }
    first_request(Source(body), Values(None, {"accessToken": "T"}), BACKFILL, assumed)
    assert {"window.first-run", "query.encoding", "auth.oauth", "request.accept"} <= assumed.used.keys()
    plain = Assumptions()
    first_request(
        Source({"sourceSpec": {"attributes": {"urlParams": {**URL, "queryParams": {"a": "1"}}}}}), Values(), None, plain
    )
    assert plain.used == {"request.query": "appended", "request.accept": "json"}
    assert not {"window.preview", "auth.basic", "host.slash", "value.default", "expression.times"} & assumed.used.keys()
