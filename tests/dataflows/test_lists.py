"""Complete lists, in the form of each service."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.dataflows.places import PLACES
from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.resources import ResourceType
from reconciler.errors import ServiceError
from tests.dataflows.wires import PLATFORM, client, queries
from tests.flowservice.simulated import Service, answer, raw

FLOW_SERVICE: tuple[ResourceType, ...] = ("flow", "sourceConnection", "targetConnection", "connection")
REGISTRY: tuple[ResourceType, ...] = ("schema", "fieldgroup")


def ids(service: Service, kind: ResourceType) -> list[str]:
    return [resource.id for resource in client(ProofReader, service).all(kind)]


def schema(alt_id: str, title: str = "t") -> dict[str, Any]:
    return {"title": title, "$id": f"https://ns.adobe.com/acme/schemas/{alt_id}", "meta:altId": alt_id, "version": "1.0"}


@pytest.mark.parametrize("kind", FLOW_SERVICE)
def test_flow_service_lists_items_with_a_link_to_the_next_page(kind: ResourceType) -> None:
    path = PLACES[kind].path
    service = Service(
        answer(
            200,
            {
                "items": [{"id": "a", "name": "n", "description": "d"}],
                "_links": {"next": {"href": f"{path}?continuationToken=x=="}},
            },
        ),
        answer(200, {"items": [{"id": "b", "etag": '"e"'}], "_links": {}}),
    )
    first, second = client(ProofReader, service).all(kind)
    assert (first.id, first.name, first.description, first.etag) == ("a", "n", "d", None)
    assert (second.id, second.name, second.description, second.etag) == ("b", "", "", '"e"')
    assert [str(request.url) for request in service.requests] == [
        f"{PLATFORM}/flowservice{path}",
        f"{PLATFORM}/flowservice{path}?continuationToken=x==",
    ]


def test_catalog_lists_an_object_by_id_until_a_page_is_empty() -> None:
    service = Service(
        answer(200, {"d1": {"name": "one", "description": "x"}, "d2": {"name": "two"}}),
        answer(200, {"d3": {"name": "three"}}),
        answer(200, {}),
    )
    found = client(ProofReader, service).all("dataset")
    assert [(one.id, one.name, one.description) for one in found] == [("d1", "one", "x"), ("d2", "two", ""), ("d3", "three", "")]
    assert queries(service) == ["limit=100&start=0", "limit=100&start=2", "limit=100&start=3"]
    assert service.requests[0].url.path == "/data/foundation/catalog/dataSets"


@pytest.mark.parametrize("kind", REGISTRY)
def test_the_schema_registry_lists_results_and_says_where_the_next_page_starts(kind: ResourceType) -> None:
    service = Service(
        answer(
            200,
            {
                "results": [schema("_acme.a", "A")],
                "_page": {"orderby": "updated", "next": "2026-11-27T10:00:00.000Z", "count": 1},
            },
        ),
        answer(200, {"results": [schema("_acme.b")], "_page": {"next": None, "count": 1}, "_links": {"next": None}}),
    )
    first, second = client(ProofReader, service).all(kind)
    assert (first.id, first.name, second.id) == ("_acme.a", "A", "_acme.b")
    assert queries(service) == ["limit=100", "limit=100&start=2026-11-27T10%3A00%3A00.000Z"]
    assert {request.headers["accept"] for request in service.requests} == {"application/vnd.adobe.xed-id+json"}
    assert service.requests[0].url.path == f"/data/foundation/schemaregistry/tenant/{kind}s"


def test_the_schema_registry_may_give_only_a_link() -> None:
    link = f"{PLATFORM}/schemaregistry/tenant/schemas?start=x&limit=1"
    service = Service(
        answer(200, {"results": [schema("_acme.a")], "_page": {"count": 1}, "_links": {"next": {"href": link}}}),
        answer(200, {"results": [schema("_acme.b")]}),
    )
    assert ids(service, "schema") == ["_acme.a", "_acme.b"]
    assert queries(service) == ["limit=100", "start=x&limit=1"]


def test_conversion_lists_data_by_links_or_until_a_page_is_empty() -> None:
    link = {"next": {"href": "/mappingSets?start=1&limit=1"}}
    service = Service(
        answer(200, {"data": [{"id": "m1", "name": "n"}], "_links": link}),
        answer(200, {"data": {"id": "m2"}}),
        answer(200, {"data": [], "_page": {}}),
    )
    assert ids(service, "mappingSet") == ["m1", "m2"]
    assert queries(service) == ["limit=100&start=0", "start=1&limit=1", "limit=1&start=2"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("flow", {"results": []}),
        ("flow", []),
        ("connection", {"items": {}}),
        ("dataset", []),
        ("dataset", None),
        ("schema", {"items": []}),
        ("schema", {"results": {}}),
        ("fieldgroup", {"results": None}),
        ("mappingSet", {"data": "x"}),
        ("mappingSet", {"items": []}),
    ],
)
def test_a_list_of_another_form_is_not_an_empty_list(kind: ResourceType, body: Any) -> None:
    with pytest.raises(ServiceError, match=r"unexpected form|not JSON"):
        ids(Service(answer(200, body)), kind)


@pytest.mark.parametrize("kind", list(PLACES))
@pytest.mark.parametrize(
    "reply",
    [
        raw(200, b""),
        raw(200, b"{"),
        raw(200, b"<html>"),
        answer(404, {"title": "x", "status": 404}),
        answer(403, {}),
        answer(302),
    ],
    ids=["empty", "cut off", "page", "404", "403", "302"],
)
def test_a_list_that_cannot_be_read_is_an_error(kind: ResourceType, reply: httpx.Response) -> None:
    with pytest.raises(ServiceError):
        ids(Service(reply), kind)


@pytest.mark.parametrize("kind", ["dataset", "mappingSet"])
def test_a_service_that_ignores_where_a_page_starts_gives_no_complete_list(kind: ResourceType) -> None:
    pages: dict[str, Any] = {"dataset": {"d1": {"name": "x"}}, "mappingSet": {"data": [{"id": "m"}]}}
    with pytest.raises(ServiceError, match="cannot read the complete list"):
        ids(Service(answer(200, pages[kind])), kind)


def test_a_link_to_another_host_is_not_followed() -> None:
    page = {"data": [{"id": "m"}], "_links": {"next": {"href": "https://evil.example/mappingSets?start=1"}}}
    service = Service(answer(200, page))
    with pytest.raises(ServiceError, match="another host"):
        ids(service, "mappingSet")
    assert len(service.requests) == 1


def test_a_list_that_counts_more_than_it_shows_is_not_complete() -> None:
    with pytest.raises(ServiceError, match="counts 3 but lists 1"):
        ids(Service(answer(200, {"items": [{"id": "a"}], "count": 3})), "flow")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("flow", b'{"items":[{"id":"a"},7,null,{"id":5},{"name":"x"},{"id":"../x"},{"id":"a b"},[]]}'),
        ("flow", b'{"items":[{"id":"\\ud800"},{"id":"a","name":"\\ud800","big":1e999}]}'),
        ("flow", b'{"items":[{"id":"a","deep":' + b"[" * 3000 + b"]" * 3000 + b"}]}"),
        ("flow", b'{"items":[{"id":"a","id":"a","name":"x","name":"y"}]}'),
        ("schema", b'{"results":[{"meta:altId":"a"},{"title":"x"},3,{"meta:altId":[]}]}'),
        ("mappingSet", b'{"data":[{"id":"a"},"b"],"_links":{"next":{"href":""}}}'),
    ],
)
def test_one_odd_item_affects_only_itself(kind: ResourceType, content: bytes) -> None:
    service = Service(raw(200, content), answer(200, {"data": []}))
    listing = client(ProofReader, service).listing(kind)
    assert [resource.id for resource in listing.resources] == ["a"]


def test_odd_items_of_catalog_are_kept_apart() -> None:
    service = Service(raw(200, b'{"a":{"name":"x"},"b":7,"../c":{"name":"y"},"d":null}'), answer(200, {}))
    listing = client(ProofReader, service).listing("dataset")
    assert [resource.id for resource in listing.resources] == ["a"]
    assert len(listing.odd) == 3


def test_an_item_that_is_listed_twice_is_one_resource() -> None:
    service = Service(answer(200, {"items": [{"id": "a", "name": "old"}, {"id": "a", "name": "new"}]}))
    assert [resource.name for resource in client(ProofReader, service).all("flow")] == ["new"]


@pytest.mark.parametrize(
    ("kind", "page", "query"),
    [
        ("flow", {"items": [{"id": "1", "name": "a/b c"}, {"id": "2", "name": "a/b c d"}]}, "property=name==a%2Fb%20c"),
        ("schema", {"results": [schema("1", "a/b c"), schema("2", "A/B C")]}, "property=title==a%2Fb%20c&limit=100"),
    ],
)
def test_a_resource_is_found_by_its_exact_name(kind: ResourceType, page: Any, query: str) -> None:
    service = Service(answer(200, page))
    assert [one.id for one in client(ProofReader, service).find(kind, "a/b c")] == ["1"]
    assert queries(service) == [query]


def test_a_dataset_is_found_by_its_exact_name_on_all_pages() -> None:
    service = Service(answer(200, {"1": {"name": "a"}, "2": {"name": "ab"}}), answer(200, {"3": {"name": "a"}}), answer(200, {}))
    assert [one.id for one in client(ProofReader, service).find("dataset", "a")] == ["1", "3"]
    assert queries(service)[1] == "name=a&limit=100&start=2"


def test_a_whole_list_is_read_where_the_service_does_not_filter() -> None:
    service = Service(answer(400, {"message": "no such filter"}), answer(200, {"items": [{"id": "1", "name": "a"}]}))
    assert [one.id for one in client(ProofReader, service).find("flow", "a")] == ["1"]
    assert queries(service) == ["property=name==a", ""]


def test_an_error_of_a_filtered_list_is_not_an_empty_list() -> None:
    with pytest.raises(ServiceError):
        client(ProofReader, Service(answer(403, {"message": "no"}))).find("flow", "a")


def test_a_mapping_set_is_looked_for_in_the_whole_list_before_it_is_made_again() -> None:
    found = answer(200, {"data": [{"id": "m", "name": "a"}]})
    service = Service(answer(200, {"data": []}), found, answer(200, {"data": []}))
    assert [one.id for one in client(ProofReader, service).find("mappingSet", "a")] == ["m"]
    assert queries(service)[:2] == ["name=a&limit=100&start=0", "limit=100&start=0"]
