"""The first request of any spec: where values go, what they cannot do there, and what keeps a request from being sent."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import Document, Json
from reconciler.errors import Severity
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.request import First, first_request
from reconciler.sources.source import Source
from reconciler.sources.values import Values
from tests.sources.requests import BACKFILL, HOST, LATER, OAUTH, SCHEDULE, URL, first, only, sent, source, told


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
