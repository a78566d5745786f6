from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError, SpecNotFound
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.specs import Usage

from .simulated import BASE_URL, FLOW_SPEC_ID, SPEC_ID, Service, answer, client, listed, raw, spec

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
        ("/connectionSpecs?start=2", "something else"),
        ("/flowSpecs", "something else"),
        (5, "not a text"),
    ],
)
def test_a_link_that_leads_elsewhere_is_refused_and_sees_no_token(href: Any, reason: str) -> None:
    service = Service(listed(spec(), next_href=href))
    with pytest.raises(ServiceError, match=reason):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 1


def test_links_that_go_in_a_circle_are_an_error() -> None:
    service = Service(listed(next_href="/flowSpecs?p=2"), listed(next_href="/flowSpecs?p=3"), listed(next_href="/flowSpecs?p=2"))
    with pytest.raises(ServiceError, match="leads back to a page"):
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


@pytest.mark.parametrize("item", [None, 5, "text", [], {}, {"id": 5}, {"id": ""}, {"id": None}, {"id": ["x"]}])
def test_an_item_that_cannot_be_read_makes_the_list_an_error(item: Any) -> None:
    with pytest.raises(ServiceError, match="a connection spec that cannot be read"):
        client(Service(listed(spec(), item))).list_specs(Kind.CONNECTION_SPEC)


@pytest.mark.parametrize("body", [None, [], {}, 5, "x", {"items": {}}, {"items": None}, [spec()], spec()])
def test_an_answer_that_is_no_list_is_an_error_at_once(body: Any) -> None:
    content = b"null" if body is None else answer(200, body).content
    service = Service(raw(200, content))
    with pytest.raises(ServiceError, match="GET /flowSpecs answered 200 with a body that is not what it should be"):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 1


def test_a_list_nested_deeper_than_can_be_read_is_an_error() -> None:
    content = b'{"items":[{"id":' + b"[" * 100_000 + b"]" * 100_000 + b"}]}"
    with pytest.raises(ServiceError, match="nested too deep"):
        client(Service(raw(200, content))).list_specs(Kind.FLOW_SPEC)


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
        (spec(OTHER_ID), f"it is the connection spec {OTHER_ID}, which is another one"),
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
    with pytest.raises(ServiceError, match="cannot be the id") as caught:
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


def _flow(*spec_ids: Any) -> dict[str, Any]:
    connections = [{"id": "sc", "connectionSpec": {"id": spec_id, "version": "1.0"}} for spec_id in spec_ids]
    return {"id": "flow", "inheritedAttributes": {"sourceConnections": connections}}


def _source_connection(spec_id: Any) -> dict[str, Any]:
    return {"id": "sc", "connectionSpec": {"id": spec_id, "version": "1.0"}}


def test_usage_is_asked_with_the_documented_filters() -> None:
    service = Service(listed())
    assert client(service).usage_of(SPEC_ID) == Usage(flows=0, source_connections=0)
    assert [request.url.raw_path.decode().removeprefix("/data/foundation/flowservice") for request in service.requests] == [
        f"/sourceConnections?property=connectionSpec.id=={SPEC_ID}",
        f"/flows?property=inheritedAttributes.sourceConnections%5B%5D.connectionSpec.id=={SPEC_ID}",
    ]


def test_usage_counts_what_uses_the_spec_over_all_pages() -> None:
    service = Service(
        listed(_source_connection(SPEC_ID), next_href="/sourceConnections?continuationToken=x"),
        listed(_source_connection(SPEC_ID)),
        listed(_flow(OTHER_ID, SPEC_ID)),
    )
    usage = client(service).usage_of(SPEC_ID)
    assert usage == Usage(flows=1, source_connections=2)
    assert usage.in_use


def test_usage_does_not_count_what_a_filter_that_was_ignored_lets_through() -> None:
    usage = client(Service(listed(_source_connection(OTHER_ID)), listed(_flow(OTHER_ID)))).usage_of(SPEC_ID)
    assert not usage.in_use


@pytest.mark.parametrize("flow", [{"id": "f"}, {}, 5, {"inheritedAttributes": []}, _flow(), _flow(None), _flow(OTHER_ID, 5)])
def test_usage_counts_what_does_not_say_which_spec_it_uses(flow: Any) -> None:
    usage = client(Service(listed({"id": "sc"}, 5), listed(flow))).usage_of(SPEC_ID)
    assert usage == Usage(flows=1, source_connections=2)


def test_usage_that_shows_fewer_than_it_counts_is_an_error() -> None:
    with pytest.raises(ServiceError, match="counts 3 and shows 0"):
        client(Service(listed(count=3))).usage_of(SPEC_ID)


def test_usage_is_never_guessed_from_an_error() -> None:
    with pytest.raises(ServiceError, match="403 2118-403"):
        client(Service(answer(403, {"errorCode": "2118-403", "errorMessage": "missing permission"}))).usage_of(SPEC_ID)


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
    with pytest.raises(ServiceError, match=r"not whole, or not JSON.*given up after 7 tries"):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 7


def test_a_redirect_is_not_followed() -> None:
    service = Service(httpx.Response(302, headers={"location": "https://login.example/x"}))
    with pytest.raises(ServiceError, match=r"a redirect to login\.example, which is not followed"):
        client(service).list_specs(Kind.FLOW_SPEC)
    assert len(service.requests) == 1
