"""The first request of any spec: where values go, what they cannot do there, and what keeps a request from being sent."""

from __future__ import annotations

import base64
import copy
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import Document, Json
from reconciler.errors import Severity
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Request
from reconciler.sources.request import First, first_request
from reconciler.sources.source import Source
from reconciler.sources.values import Values
from reconciler.sources.window import Mode, Window

END = datetime(2026, 11, 27, tzinfo=UTC)
START = datetime(2026, 11, 26, tzinfo=UTC)
BACKFILL, LATER = Window(Mode.BACKFILL, None, END), Window(Mode.INCREMENTAL, START, END)
HOST = "https://api.acme.example"
URL: Document = {"host": HOST, "path": "/items", "method": "GET"}
BASIC: Document = {"name": "Basic", "type": "BasicAuthentication", "spec": {}}
OAUTH: Document = {"name": "OAuth", "type": "OAuth2RefreshCode", "spec": {}}
USER: dict[str, Json | Secret] = {"username": "u", "password": Secret("pä:w")}
SCHEDULE: Document = {
    "scheduleStartParamName": "since",
    "scheduleEndParamName": "until",
    "scheduleStartParamFormat": "yyyy-MM-dd",
    "scheduleEndParamFormat": "yyyy-MM-dd",
}
ADVANCE: Document = {
    "type": "ADVANCE",
    "paramFormat": "yyyy-MM-dd",
    "incremental": "u>{START_TIME} u<{END_TIME}",
    "backfill": "u<{END_TIME}",
}


def first(
    url: Document | None = None,
    *,
    auth: list[Document] | None = None,
    values: Values | None = None,
    window: Window | None = None,
    assumed: dict[str, str] | None = None,
    form: Document | None = None,
    **attributes: Json,
) -> First:
    body = {
        "authSpec": [] if auth is None else auth,
        "sourceSpec": {"attributes": {"urlParams": {**URL, **(url or {})}, **attributes}, "spec": form or {}},
    }
    before = copy.deepcopy(body)
    found = first_request(Source(body), values or Values(), window, Assumptions(assumed or {}))
    assert body == before
    return found


def sent(url: Document | None = None, **more: Any) -> Request:
    found = first(url, **more)
    assert found.request is not None, found.findings
    assert not [item for item in found.findings if item.severity is Severity.ERROR]
    return found.request


def told(found: First) -> list[str]:
    return [item.code for item in found.findings]


def only(found: First) -> tuple[str, str, str]:
    """The one finding: its code, its message, and the last key of its path."""
    (item,) = found.findings
    assert item.path is not None
    return item.code, item.message, item.path[-1]


def source(**values: Json | Secret) -> Values:
    return Values(None, {}, values)


# Values in their places.


def test_values_of_the_connection_come_before_those_of_the_source() -> None:
    both = Values(None, {"a": "auth"}, {"a": "source", "b": "source"})
    assert sent({"path": "/${a}/${b}"}, values=both).url == f"{HOST}/auth/source"


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (12, "12"), (1.5, "1.5"), ("x", "x"), (Secret("s"), "s")])
def test_values_that_are_not_strings_are_written_as_json(value: Json | Secret, text: str) -> None:
    assert sent({"path": "/${a}"}, values=source(a=value)).url == f"{HOST}/{text}"
    assert sent(headerParams={"X-A": "v${a}"}, values=source(a=value)).headers[0] == ("X-A", f"v{text}")


def test_parameters_that_are_not_strings_are_written_as_json() -> None:
    params = {"a": 1, "b": False, "c": None, "d": [1, "x"], "e": {"f": 1}}
    query = [("a", "1"), ("b", "false"), ("c", "null"), ("d", '[1,"x"]'), ("e", '{"f":1}')]
    assert list(sent({"queryParams": params}).query) == query


def test_a_value_in_the_json_of_a_parameter_stays_a_value() -> None:
    params = {"filter": {"id": "${n}", "name": "is ${s}"}}
    asked = sent({"queryParams": params}, values=source(n=5, s='a","b":"c'))
    assert asked.query == (("filter", '{"id":5,"name":"is a\\",\\"b\\":\\"c"}'),)


def test_a_body_keeps_the_type_of_a_value_that_is_a_placeholder_as_a_whole() -> None:
    params = {"n": "${n}", "text": "n=${n}", "deep": [{"s": "${s}"}, 1, None]}
    asked = sent({"method": "POST"}, bodyParams=params, values=source(n=5, s=Secret("k")))
    assert asked.body == {"n": 5, "text": "n=5", "deep": [{"s": "k"}, 1, None]}


def test_a_body_is_only_sent_with_post() -> None:
    asked = sent(bodyParams={"a": "${missing}"})
    assert (asked.method, asked.body, [name for name, _ in asked.headers]) == ("GET", None, ["Accept"])
    assert sent({"method": "POST"}).body is None


def test_the_names_of_parameters_are_not_filled_unless_it_is_assumed() -> None:
    params = {"queryParams": {"${a}": "1"}}
    assert sent(params, values=source(a="x")).query == (("${a}", "1"),)
    assert sent(params, values=source(a="x"), assumed={"value.in-key": "filled"}).query == (("x", "1"),)


def test_a_property_without_a_value_has_its_default_unless_it_is_assumed_missing() -> None:
    form: Document = {"allOf": [{"properties": {"a": {"default": "d"}}}]}
    assert sent({"path": "/${a}"}, form=form).url == f"{HOST}/d"
    assert sent({"path": "/${a}"}, form=form, values=source(a="v")).url == f"{HOST}/v"
    assert told(first({"path": "/${a}"}, form=form, assumed={"value.default": "missing"})) == ["missing-value"]


@pytest.mark.parametrize(
    ("url", "attributes", "place"),
    [
        ({"host": "https://${a}.acme.example"}, {}, "host"),
        ({"path": "/${a}"}, {}, "path"),
        ({"queryParams": {"q": "${a}"}}, {}, "q"),
        ({}, {"headerParams": {"X-A": "${a}"}}, "X-A"),
        ({"method": "POST"}, {"bodyParams": {"b": "${a}"}}, "b"),
        ({"method": "POST"}, {"bodyParams": {"b": ["x${a}"]}}, "0"),
        ({"path": "/@{concat('${a}')}"}, {}, "path"),
    ],
)
def test_a_placeholder_without_a_value_is_found_where_it_is(url: Document, attributes: Document, place: str) -> None:
    found = first(url, form={"properties": {"a": {}}}, **attributes)
    assert found.request is None
    assert only(found) == ("missing-value", "`${a}` has no value", place)
    assert found.findings[0].hint == "write it below source in proof.yaml, or pass --set a=VALUE"


def test_a_value_is_asked_for_where_it_is_declared() -> None:
    entry: Document = {**OAUTH, "spec": {"properties": {"a": {}, "k": {"format": "password"}}}}
    values = Values(None, {"accessToken": "T"})
    hints = [item.hint for item in first({"path": "/${a}/${k}/${x}"}, auth=[entry], values=values).findings]
    assert hints == [
        "write it below auth.params in proof.yaml, or pass --set a=VALUE",
        "write k: {env: NAME} below auth.params in proof.yaml",
        "declare it in sourceSpec.spec.properties, or in the entry of authSpec",
    ]


def test_an_empty_value_leaves_no_gap_in_an_address() -> None:
    assert only(first({"path": "/a/${b}/c"}, values=source(b="")))[0] == "missing-value"
    assert told(first({"host": "https://${b}.acme.example"}, values=source(b=""))) == ["unsafe-value"]
    assert sent({"queryParams": {"q": "${b}"}}, values=source(b="")).url == f"{HOST}/items?q="


# Values that try to lead a request elsewhere.

HOSTILE = [
    "evil.example/",
    "evil.example#",
    "evil.example?",
    "evil.example\\",
    "u@evil.example",
    "evil.example:443/x",
    "evil.example:",
    "evil.example:80",
    "a\r\nHost: evil.example",
    "a\n",
    " evil.example",
    "https://evil.example",
    "//evil.example",
    "evil.example%2f",
    "evil．example／",  # noqa: RUF001 - characters that normalize to a point and a slash
    "[::1]",
    "",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_in_a_host_cannot_lead_the_request_to_another(value: str) -> None:
    found = first({"host": "https://${domain}.acme.example"}, values=source(domain=Secret(value)))
    assert found.request is None
    assert told(found) == ["unsafe-value"]
    assert "evil" not in repr(found.findings)


@pytest.mark.parametrize("value", ["us6", "a.b-c_d", "xn--bcher-kva", "bücher", "${MAILCHIMP_DOMAIN}"])
def test_a_subdomain_is_a_part_of_the_host(value: str) -> None:
    asked = sent({"host": "https://${domain}.acme.example"}, values=source(domain=value))
    assert asked.url == f"https://{value}.acme.example/items"


@pytest.mark.parametrize(
    ("host", "value", "url"),
    [
        ("${host}", "https://api.acme.example:8443/v1", "https://api.acme.example:8443/v1/items"),
        ("${host}", "http://localhost:8080", "http://localhost:8080/items"),
        ("https://${host}", "api.acme.example:8443", "https://api.acme.example:8443/items"),
        ("https://api.acme.example/${host}", "a/b", "https://api.acme.example/a%2Fb/items"),
        ("api.acme.example", "", "api.acme.example/items"),
        ("http://api.acme.example", "", "http://api.acme.example/items"),
        ("https://[::1]:8080", "", "https://[::1]:8080/items"),
    ],
)
def test_a_value_may_be_the_whole_host_where_the_spec_says_so(host: str, value: str, url: str) -> None:
    assert sent({"host": host}, values=source(host=value)).url == url


@pytest.mark.parametrize(
    "value", ["https://a.example@evil.example", "https://a.example\\@evil.example", "file:///etc", "a b", "//evil"]
)
def test_a_value_that_is_the_whole_host_is_no_other_address(value: str) -> None:
    assert told(first({"host": "${host}"}, values=source(host=value))) == ["unsafe-value"]


def test_the_host_of_a_connection_is_used_where_the_spec_has_none() -> None:
    body: Document = {"sourceSpec": {"attributes": {"urlParams": {"path": "/items", "method": "GET"}}}}
    found = first_request(Source(body), Values(None, {"host": "https://h.example"}), None, Assumptions())
    assert found.request is not None
    assert found.request.url == "https://h.example/items"
    assert told(first_request(Source(body), Values(), None, Assumptions())) == ["no-request"]


@pytest.mark.parametrize(
    "host",
    ["https://user@evil.example", "https://a b", "https://a.example\\@evil.example", "https://a:99999", " ", 5],
)
def test_a_host_that_is_no_address_is_refused(host: Json) -> None:
    found = first({"host": host})
    assert (found.request, told(found)) == (None, ["no-request"])


@pytest.mark.parametrize("value", ["..", ".", "../x", "a/../..", "..\\x", "%2e%2e/.."])
def test_a_value_cannot_climb_out_of_its_path(value: str) -> None:
    found = first({"path": "/lists/${a}/members"}, values=source(a=value))
    assert (found.request, told(found)) == (None, ["unsafe-value"])


def test_a_path_without_a_slash_cannot_continue_the_host() -> None:
    values = source(a=".evil.example")
    assert sent({"path": "${a}/x"}, values=values).url == f"{HOST}/.evil.example/x"
    found = first({"path": "${a}/x"}, values=values, assumed={"host.slash": "as-written"})
    assert (found.request, told(found)) == (None, ["unsafe-value"])


def test_host_and_path_are_joined_with_one_slash_unless_it_is_assumed_otherwise() -> None:
    assert sent({"host": f"{HOST}/", "path": "/a"}).url == f"{HOST}/a"
    assert sent({"host": f"{HOST}/", "path": "/a"}, assumed={"host.slash": "as-written"}).url == f"{HOST}//a"
    assert sent({"host": f"{HOST}/v1", "path": ""}).url == f"{HOST}/v1"
    assert sent({"path": "?a=1"}).url == f"{HOST}?a=1"


@given(st.text(max_size=30))
def test_no_value_leaves_its_place_in_a_url(value: str) -> None:
    url: Document = {"host": "https://${h}.acme.example", "path": "/a/${v}/b", "queryParams": {"q": "x${v}", "r": "1"}}
    found = first(url, values=source(v=value, h=value))
    if found.request is None:
        assert {"unsafe-value", "missing-value"} & set(told(found))
        return
    parts = urlsplit(found.request.url)
    assert parts.netloc.endswith(".acme.example")
    assert not set(parts.netloc) & set("/@#?\\ \r\n")
    assert [unquote(segment) for segment in parts.path.split("/")] == ["", "a", value, "b"]
    assert parse_qsl(parts.query, keep_blank_values=True) == [("q", f"x{value}"), ("r", "1")]


def test_a_lone_surrogate_is_encoded_and_breaks_nothing() -> None:
    assert sent({"queryParams": {"q": "\ud800"}}).url == f"{HOST}/items?q=%ED%A0%80"


# Query and path.


def test_the_query_of_a_path_stays_and_is_continued() -> None:
    url = {"path": "/items?a=1", "queryParams": {"b": "2 &3"}}
    assert sent(url).url == f"{HOST}/items?a=1&b=2%20%263"
    assert sent({**url, "path": "/items?a=1&"}).url == f"{HOST}/items?a=1&b=2%20%263"
    assert sent({**url, "path": "/items?"}).url == f"{HOST}/items?b=2%20%263"
    assert (
        sent({**url, "queryParams": {"b": "a%20b,c"}}, assumed={"query.encoding": "as-given"}).url
        == f"{HOST}/items?a=1&b=a%20b,c"
    )


def test_what_no_url_has_is_encoded_in_a_path() -> None:
    assert sent({"path": "/a b/ü%20?x[y]=z"}).url == f"{HOST}/a%20b/%C3%BC%20?x[y]=z"
    assert only(first({"path": "/a#b"}))[0] == "no-request"


@pytest.mark.parametrize(
    ("url", "schedule", "name", "other"),
    [
        ({"path": "/items?a=1", "queryParams": {"a": "2"}}, None, "a", "the path"),
        ({"queryParams": {"since": "2"}}, SCHEDULE, "scheduleStartParamName", "`queryParams`"),
        ({}, {**SCHEDULE, "scheduleEndParamName": "since"}, "scheduleEndParamName", "`scheduleParams`"),
    ],
)
def test_a_parameter_that_is_sent_twice_is_a_warning(url: Document, schedule: Document | None, name: str, other: str) -> None:
    found = first(url, window=LATER, scheduleParams=schedule)
    assert found.request is not None
    sent_twice = "a" if name == "a" else "since"
    assert only(found) == ("query-twice", f"the query parameter `{sent_twice}` is sent twice: {other} has it, too", name)
    assert found.findings[0].severity is Severity.WARNING


def test_an_array_in_the_query_of_a_path_is_no_mistake() -> None:
    assert first({"path": "/items?include=a&include=b"}).findings == ()


@pytest.mark.parametrize(
    ("url", "code", "place"),
    [
        ({"method": "PUT"}, "no-request", "method"),
        ({"method": None}, "no-request", "urlParams"),
        ({"path": 5}, "no-request", "path"),
        ({"queryParams": "a=1"}, "params-mapping", "queryParams"),
        ({"path": "/@{guid()}"}, "expression", "path"),
        ({"queryParams": {"q": "@{pipeline().parameters.x}"}}, "expression", "q"),
    ],
)
def test_what_cannot_be_sent_is_found(url: Document, code: str, place: str) -> None:
    found = first(url)
    assert found.request is None
    assert (only(found)[0], only(found)[2]) == (code, place)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda part: st.lists(part) | st.dictionaries(st.text(max_size=5), part),
    max_leaves=8,
)


@given(ANY)
def test_no_shape_of_a_body_breaks_anything(part: Json) -> None:
    for body in (
        {"authSpec": part, "sourceSpec": {"attributes": {"urlParams": {**URL, "queryParams": part}, "scheduleParams": part}}},
        {"authSpec": [part], "sourceSpec": {"attributes": {"urlParams": part, "headerParams": part}, "spec": part}},
        {"authSpec": [{"type": part, "name": part, "spec": part}], "sourceSpec": {"attributes": {"urlParams": URL}}},
        {"sourceSpec": {"attributes": {"urlParams": {"host": part, "path": part, "method": "POST"}, "bodyParams": part}}},
    ):
        assert isinstance(first_request(Source(body), Values(), BACKFILL, Assumptions()), First)


def test_a_body_that_is_too_deep_is_one_finding() -> None:
    deep: Json = "x"
    for _ in range(5000):
        deep = [deep]
    body: Document = {"sourceSpec": {"attributes": {"urlParams": {**URL, "method": "POST"}, "bodyParams": {"a": deep}}}}
    assert only(first_request(Source(body), Values(), None, Assumptions()))[::2] == ("no-request", "bodyParams")


# Headers.


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
