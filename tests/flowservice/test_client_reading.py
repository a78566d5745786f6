from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.documents.json_text import encode
from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError, SpecNotFound
from reconciler.flowservice.client import SpecReader
from reconciler.settings.values import Network
from tests.flowservice.simulated import (
    BASE_URL,
    FLOW_SPEC_ID,
    SPEC_ID,
    Service,
    SimulatedClock,
    answer,
    client,
    listed,
    raw,
    spec,
)

OTHER_ID = "11111111-2222-4333-8444-555555555555"


def test_a_list_is_one_request_when_it_has_one_page() -> None:
    service = Service(listed(spec(), spec(OTHER_ID)))
    listing = client(service).list_specs(Kind.CONNECTION_SPEC)
    assert [each.id for each in listing.specs] == [SPEC_ID, OTHER_ID]
    assert listing.complete
    assert [str(request.url) for request in service.requests] == [f"{BASE_URL}/connectionSpecs"]


@pytest.mark.parametrize(
    "href",
    [
        "/flowSpecs?continuationToken=ab==&limit=1",
        "/data/foundation/flowservice/flowSpecs?continuationToken=ab==&limit=1",
        "flowSpecs?continuationToken=ab==&limit=1",
        "?continuationToken=ab==&limit=1",
        f"{BASE_URL}/flowSpecs?continuationToken=ab==&limit=1",
        "https://PLATFORM.adobe.io:443/data/foundation/flowservice/flowSpecs?continuationToken=ab==&limit=1",
    ],
)
def test_the_link_to_the_next_page_is_followed_however_it_is_written(href: str) -> None:
    service = Service(listed(spec(), next_href=href), listed(spec(OTHER_ID)))
    assert len(client(service).list_specs(Kind.FLOW_SPEC).specs) == 2
    assert str(service.requests[1].url) == f"{BASE_URL}/flowSpecs?continuationToken=ab==&limit=1"


def test_a_link_may_be_the_address_alone() -> None:
    service = Service(answer(200, {"items": [], "_links": {"next": "/flowSpecs?start=2"}}), listed(spec()))
    assert len(client(service).list_specs(Kind.FLOW_SPEC).specs) == 1


@pytest.mark.parametrize("links", [None, {}, [], {"next": None}, {"next": {}}, {"next": {"href": ""}}])
def test_no_link_is_the_end_of_the_list(links: Any) -> None:
    service = Service(answer(200, {"items": [spec()], "_links": links}))
    assert client(service).list_specs(Kind.FLOW_SPEC).complete
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("href", "reason"),
    [
        ("https://evil.example/data/foundation/flowservice/flowSpecs?start=2", "another host"),
        ("https://platform.adobe.io.evil.example/flowSpecs?start=2", "another host"),
        ("//evil.example/flowSpecs?start=2", "another host"),
        ("http://platform.adobe.io/data/foundation/flowservice/flowSpecs?start=2", "another host"),
        ("https://platform.adobe.io:8443/flowSpecs?start=2", "another host"),
        ("https://[::1/flowSpecs?start=2", "not a URL"),
        ("/connectionSpecs?start=2", "points elsewhere"),
        ("/flowSpecs", "points elsewhere"),
        (5, "not a string"),
    ],
)
def test_a_link_that_leads_elsewhere_is_refused_and_sees_no_token(href: Any, reason: str) -> None:
    service = Service(listed(spec(), next_href=href))
    with pytest.raises(ServiceError, match=reason):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 1


def test_links_that_go_in_a_circle_are_an_error() -> None:
    service = Service(listed(next_href="/flowSpecs?p=2"), listed(next_href="/flowSpecs?p=3"), listed(next_href="/flowSpecs?p=2"))
    with pytest.raises(ServiceError, match="points to a page already read"):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 3


def test_a_list_without_an_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.flowservice.pages.MAX_PAGES", 5)
    numbers = iter(range(100))
    service = Service(lambda _: listed(next_href=f"/flowSpecs?p={next(numbers)}"))
    with pytest.raises(ServiceError, match="more than 5 pages"):
        client(service).list_specs(Kind.FLOW_SPEC)


def test_half_a_list_is_no_list() -> None:
    service = Service(listed(spec(), next_href="/flowSpecs?p=2"), answer(404, {"error_code": "404", "message": "gone"}))
    with pytest.raises(ServiceError, match="gone"):
        client(service).list_specs(Kind.FLOW_SPEC)


def test_an_id_on_two_pages_is_one_spec_as_the_later_page_has_it() -> None:
    first = listed(spec(name="old"), spec(OTHER_ID), next_href="/flowSpecs?p=2")
    listing = client(Service(first, listed(spec(name="new")))).list_specs(Kind.FLOW_SPEC)
    assert [(each.id, each.name) for each in listing.specs] == [(SPEC_ID, "new"), (OTHER_ID, "MailChimp Members")]


@pytest.mark.parametrize(("count", "complete"), [(1, True), (2, False), (0, True), ("2", True), (True, True), (None, True)])
def test_a_list_that_shows_fewer_than_it_counts_is_not_complete(count: Any, complete: bool) -> None:
    assert client(Service(listed(spec(), count=count))).list_specs(Kind.FLOW_SPEC).complete is complete


HALF_A_PAIR = rb"\ud83d"


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (b"null", "it is null, not an object"),
        (b"5", "it is a number, not an object"),
        (b'"text"', "it is a string, not an object"),
        (b"[]", "it is a list, not an object"),
        (b"{}", "it has no string 'id'"),
        (b'{"id":5}', "it has no string 'id'"),
        (b'{"id":""}', "it has no string 'id'"),
        (b'{"id":["x"]}', "it has no string 'id'"),
        (b'{"id":"../.."}', "its 'id' is not a valid spec id"),
        (b'{"id":"' + b"a" * 5000 + b'"}', "its 'id' is not a valid spec id"),
        (b'{"id":"' + HALF_A_PAIR + b'"}', "its 'id' is not a valid spec id"),
        (b'{"id":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "it has no string 'id'"),
        (b'{"id":"a","x":nul}', "JSON is malformed"),
        (b'{"id":"a","x":"\xff"}', "'utf-8' codec can't decode byte"),
    ],
    ids=range(14),
)
def test_an_entry_that_cannot_be_read_is_named_and_the_rest_of_the_list_is_read(item: bytes, reason: str) -> None:
    page = b'{"items":[' + item + b"," + answer(200, spec()).content + b"]}"
    listing = client(Service(raw(200, page))).list_specs(Kind.CONNECTION_SPEC)
    assert [each.id for each in listing.specs] == [SPEC_ID]
    assert [(each.position, reason in each.reason) for each in listing.strange] == [(1, True)]
    assert listing.complete


@pytest.mark.parametrize(
    "field",
    [
        b'"x":"' + HALF_A_PAIR + b'"',
        b'"' + HALF_A_PAIR + b'":1',
        b'"x":1e400',
        b'"x":' + b"9" * 5000,
        b'"x":' + b"[" * 3000 + b"]" * 3000,
        b'"x":{"a":1,"a":2}',
        b'"x":1E5,"y":-0,"z":1.10',
    ],
    ids=range(7),
)
def test_a_spec_with_an_odd_value_is_read_alone_and_in_a_list_and_written_as_it_came(field: bytes) -> None:
    body = answer(200, spec()).content[:-1] + b"," + field + b"}"
    pages = raw(200, b'{"items":[' + body + b"]}"), raw(200, body), raw(200, b'{"items":[' + body + b"]}")
    reader = client(Service(*pages))
    for found in (*reader.list_specs(Kind.FLOW_SPEC).specs, *(reader.get_spec(Kind.FLOW_SPEC, SPEC_ID) for _ in range(2))):
        assert (found.id, found.name) == (SPEC_ID, "MailChimp Members")
        assert encode(found.body) == body
        assert found.repeated_keys == ()


def test_an_entry_that_is_no_spec_still_says_its_name() -> None:
    named = b'{"id":7,"name":"Acme","providerId":"p","attributes":{"reconciler":{"key":"acme"}}}'
    unnamed = b'{"id":"a","name":"\xff"}'
    page = b'{"items":[' + named + b"," + unnamed + b",{}]}"
    first, second, third = client(Service(raw(200, page))).list_specs(Kind.CONNECTION_SPEC).strange
    assert (first.name, first.provider_id, first.attributes) == ("Acme", "p", {"reconciler": {"key": "acme"}})
    assert (second.id, second.name, second.hides_its_name) == ("a", None, True)
    assert (third.name, third.hides_its_name) == (None, False)


def test_a_list_in_which_nothing_can_be_read_is_not_complete() -> None:
    assert not client(Service(listed({}, {}))).list_specs(Kind.CONNECTION_SPEC).complete
    assert client(Service(listed())).list_specs(Kind.CONNECTION_SPEC).complete


def test_a_body_with_a_top_level_key_twice_is_read_by_the_last_and_says_which_are_repeated() -> None:
    body = answer(200, spec()).content[:-1] + b',"name":"other","x":1E5}'
    found = client(Service(raw(200, body))).get_spec(Kind.CONNECTION_SPEC, SPEC_ID)
    assert (found.name, found.body["name"], found.repeated_keys) == ("other", "other", ("name",))
    assert found.attributes is None


@pytest.mark.parametrize("answered", [rb'{"id":"a","note":"\ud83d"}', rb'{"items":[{"id":"a","note":"\ud83d","updatedAt":5}]}'])
def test_an_answer_to_a_write_says_its_id_whatever_else_is_in_it(answered: bytes) -> None:
    receipt = client(Service(raw(201, answered))).create_spec(Kind.CONNECTION_SPEC, {})
    assert receipt.spec_id == "a"


@pytest.mark.parametrize("body", [None, [], {}, 5, "x", {"items": {}}, {"items": None}, [spec()], spec()])
def test_an_answer_that_is_no_list_is_an_error_at_once(body: Any) -> None:
    content = b"null" if body is None else answer(200, body).content
    service = Service(raw(200, content))
    with pytest.raises(ServiceError, match="GET /flowSpecs returned 200 with a body that has an unexpected form"):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 1


@pytest.mark.parametrize("body", [spec(name="one"), {"items": [spec(name="one")]}, {"items": [spec(name="one")], "_links": {}}])
def test_one_spec_is_read_wrapped_or_bare(body: dict[str, Any]) -> None:
    service = Service(answer(200, body))
    found = client(service).get_spec(Kind.CONNECTION_SPEC, SPEC_ID)
    assert (found.id, found.name, found.body) == (SPEC_ID, "one", spec(name="one"))
    assert str(service.requests[0].url) == f"{BASE_URL}/connectionSpecs/{SPEC_ID}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"items": [spec(), spec(OTHER_ID)]}, "it holds 2 items"),
        ({"items": []}, "it holds 0 items"),
        ({"items": {}}, "Expected `array`"),
        ({"items": [5]}, "cannot be read"),
        (spec(OTHER_ID), f"it is connection spec {OTHER_ID}, a different one"),
        ({}, "has no string 'id'"),
        ([], "Expected `object`"),
    ],
)
def test_one_spec_must_be_the_one_that_was_asked_for(body: Any, reason: str) -> None:
    with pytest.raises(ServiceError, match=reason) as caught:
        client(Service(answer(200, body))).get_spec(Kind.CONNECTION_SPEC, SPEC_ID)
    assert not isinstance(caught.value, SpecNotFound)


def test_an_id_is_the_same_in_capitals() -> None:
    assert client(Service(answer(200, spec()))).get_spec(Kind.CONNECTION_SPEC, SPEC_ID.upper()).id == SPEC_ID


@pytest.mark.parametrize("spec_id", ["", "..", "../flowSpecs/x", "a/b", "a?b", "a%2Fb", "a b", "a\n", "é", "x" * 129])
def test_an_id_that_would_change_the_path_is_never_sent(spec_id: str) -> None:
    service = Service(answer(200, spec()))
    with pytest.raises(ServiceError, match="is not a valid") as caught:
        client(service).get_spec(Kind.CONNECTION_SPEC, spec_id)
    assert caught.value.hint is not None
    assert not service.requests


@pytest.mark.parametrize(
    ("headers", "body", "etag"),
    [
        ({"etag": '"v1"'}, spec(), '"v1"'),
        ({"etag": '"v1"'}, spec(etag='"v2"'), '"v2"'),
        ({"etag": 'W/"v1"'}, spec(), None),
        ({}, spec(etag="a\r\nx: y"), None),
        ({}, spec(etag=5), None),
        ({}, spec(), None),
    ],
)
def test_the_etag_is_the_bodys_or_a_strong_one_of_the_header(headers: dict[str, str], body: Any, etag: str | None) -> None:
    assert client(Service(answer(200, body, **headers))).get_spec(Kind.CONNECTION_SPEC, SPEC_ID).etag == etag


def test_a_reader_has_no_method_that_writes() -> None:
    assert not {name for name in vars(SpecReader) if "create" in name or "replace" in name or "write" in name}


def test_every_request_carries_what_the_gateway_wants() -> None:
    service = Service(listed())
    reader = client(service)
    reader.list_specs(Kind.FLOW_SPEC)
    headers = service.requests[0].headers
    assert headers["authorization"] == "Bearer token-1"
    assert (headers["x-api-key"], headers["x-gw-ims-org-id"]) == ("client-1", "1234567890@AdobeOrg")
    assert (headers["x-sandbox-name"], headers["accept"]) == ("dev", "application/json")
    assert headers["user-agent"].startswith("reconciler/")
    assert "content-type" not in headers
    assert reader.client_id == "client-1"


def test_a_closed_client_has_let_go_of_its_connections() -> None:
    service = Service(listed())
    with client(service) as reader:
        reader.list_specs(Kind.FLOW_SPEC)
    with pytest.raises(RuntimeError, match="closed"):
        reader.get_spec(Kind.FLOW_SPEC, FLOW_SPEC_ID)


def test_every_try_is_recorded_with_its_request_id() -> None:
    service = Service(answer(503), lambda request: listed(x_request_id=request.headers["x-request-id"]))
    reader = client(service)
    reader.list_specs(Kind.FLOW_SPEC)
    assert [(each.method, each.path, each.status) for each in reader.requests] == [
        ("POST", "/ims/token/v3", 200),
        ("GET", "/flowSpecs", 503),
        ("GET", "/flowSpecs", 200),
    ]
    sent = [request.headers["x-request-id"] for request in [*service.token_requests, *service.requests]]
    assert [each.request_id for each in reader.requests] == sent
    assert len(set(sent)) == 3


def test_an_answer_that_is_cut_off_is_asked_for_again() -> None:
    service = Service(raw(200, b'{"items":[{"id":"a"'), raw(200, b""), raw(200, b"<html>"), listed(spec()))
    assert len(client(service).list_specs(Kind.FLOW_SPEC).specs) == 1
    assert len(service.requests) == 4


def test_an_answer_that_is_cut_off_every_time_is_an_error() -> None:
    service = Service(raw(200, b'{"items":[{"id":"a"'))
    with pytest.raises(ServiceError, match=r"incomplete, or not JSON.*given up after 7 tries"):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 7


def test_a_redirect_is_not_followed() -> None:
    service = Service(httpx.Response(302, headers={"location": "https://login.example/x"}))
    with pytest.raises(ServiceError, match=r"a redirect to login\.example, which is not followed"):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 1


def test_pages_that_go_on_and_show_the_same_again_are_given_up() -> None:
    service = Service(*(listed(spec(), next_href=f"/flowSpecs?start={number}") for number in range(100)))
    with pytest.raises(ServiceError, match="its pages continue but show nothing new"):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 7


def test_a_few_empty_pages_are_passed_over_and_many_are_given_up() -> None:
    empty = [listed(next_href=f"/flowSpecs?start={number}") for number in range(100)]
    assert len(client(Service(*empty[:3], listed(spec()))).list_specs(Kind.FLOW_SPEC).specs) == 1
    service = Service(*empty)
    with pytest.raises(ServiceError, match="its pages continue but show nothing new"):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 6


def test_a_list_whose_pages_take_too_long_is_given_up_at_ten_deadlines() -> None:
    clock = SimulatedClock()
    began = clock.time

    def page(_: httpx.Request) -> httpx.Response:
        clock.time += 25
        number = len(service.requests)
        return listed(spec(spec_id=f"{number:08}-0000-4000-8000-000000000000"), next_href=f"/flowSpecs?start={number}")

    service = Service(page)
    with pytest.raises(ServiceError, match="it takes too long") as caught:
        client(service, clock, Network(deadline=60)).list_specs(Kind.FLOW_SPEC)
    assert "network.deadline" in str(caught.value.hint)
    assert 600 <= clock.time - began <= 660
