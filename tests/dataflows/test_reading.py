"""One resource, tests, previews, batches and datasets, as they are read."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from reconciler.dataflows.calling import error_number
from reconciler.dataflows.places import PLACES
from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.resources import ResourceType
from reconciler.documents.json_text import decode
from reconciler.errors import ServiceError
from tests.dataflows.wires import ALT_ID, CONNECTION_ID, DATASET_ID, FLOW_ID, SCHEMA_URI, client, gone, refused
from tests.flowservice.simulated import Service, SimulatedClock, answer, raw

SECRET = "hunter2-hunter2-hunter2"
XDM_404 = {"type": "http://ns.adobe.com/aep/errors/XDM-1010-404", "title": "Resource not found", "status": 404, "report": {}}


def reader(*script: Any, clock: SimulatedClock | None = None) -> ProofReader:
    return client(ProofReader, Service(*script), clock)


@pytest.mark.parametrize("body", [{"id": FLOW_ID, "name": "n"}, {"items": [{"id": FLOW_ID, "name": "n"}]}])
def test_a_flow_is_read_bare_and_in_items(body: Any) -> None:
    found = reader(answer(200, body, etag='"e"')).get("flow", FLOW_ID)
    assert found is not None
    assert (found.name, found.etag, found.body["name"]) == ("n", '"e"', "n")


@pytest.mark.parametrize(
    "body", [{DATASET_ID: {"name": "n", "description": "d"}}, {"name": "n", "description": "d", "schemaRef": {}}]
)
def test_a_dataset_is_read_by_its_id_or_bare(body: Any) -> None:
    found = reader(answer(200, body)).get("dataset", DATASET_ID)
    assert found is not None
    assert (found.id, found.name, found.description) == (DATASET_ID, "n", "d")


def test_a_schema_is_read_with_the_media_type_that_the_registry_wants() -> None:
    service = Service(answer(200, {"$id": SCHEMA_URI, "meta:altId": ALT_ID, "title": "t", "description": "d", "items": []}))
    found = client(ProofReader, service).get("schema", ALT_ID)
    assert found is not None
    assert (found.id, found.name, found.description) == (ALT_ID, "t", "d")
    assert service.requests[0].headers["accept"] == "application/vnd.adobe.xed-full+json; version=1"
    assert service.requests[0].url.path == f"/data/foundation/schemaregistry/tenant/schemas/{ALT_ID}"


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        ("flow", gone()),
        ("connection", refused("1439-404", 404)),
        (
            "dataset",
            answer(
                404, {"type": "/placeholder/type/uri", "status": 404, "title": "NotFoundError", "detail": "Dataset not found"}
            ),
        ),
        ("schema", answer(404, XDM_404)),
        ("fieldgroup", answer(404, XDM_404)),
    ],
)
def test_only_the_404_of_the_service_itself_means_that_a_resource_does_not_exist(
    kind: ResourceType, reply: httpx.Response
) -> None:
    assert reader(reply).get(kind, "a1") is None


@pytest.mark.parametrize("kind", list(PLACES))
@pytest.mark.parametrize(
    "reply",
    [
        answer(404),
        raw(404, b"<html>not found</html>"),
        answer(404, {"message": "no such route"}),
        answer(404, {"error_code": "404001", "message": "Resource not found"}),
        refused("2100-404", 404, "Sandbox not found"),
        answer(404, {"errorMessage": "sandbox dev does not exist"}),
        answer(403, {"title": "Forbidden", "status": 403}),
        answer(410, {"title": "Gone", "status": 410}),
        answer(200, {}),
        answer(200, []),
        answer(200, {"items": [{}, {}]}),
        raw(200, b""),
        raw(200, b'{"id":"a1"'),
        answer(200, {"id": "another", "meta:altId": "another"}),
        answer(204),
    ],
    ids=range(15),
)
def test_an_answer_that_cannot_be_read_is_never_not_there(kind: ResourceType, reply: httpx.Response) -> None:
    with pytest.raises(ServiceError):
        reader(reply).get(kind, "a1")


@pytest.mark.parametrize("kind", list(PLACES))
def test_an_empty_list_says_that_a_resource_of_flow_service_does_not_exist(kind: ResourceType) -> None:
    reading = reader(answer(200, {"items": []}))
    if PLACES[kind].form == "items":
        assert reading.get(kind, "a1") is None
    else:
        with pytest.raises(ServiceError):
            reading.get(kind, "a1")


@pytest.mark.parametrize("resource_id", ["", "..", ".", "a/b", "a?b", "a#b", "a b", "a%2fb", "ä", "a" * 300, "-a"])
def test_an_id_that_is_not_one_segment_of_a_path_is_not_sent(resource_id: str) -> None:
    service = Service(answer(200, {}))
    with pytest.raises(ServiceError, match="not a valid flow id"):
        client(ProofReader, service).get("flow", resource_id)
    assert not service.requests


@pytest.mark.parametrize(("body", "passed"), [({"result": True}, True), (True, True), ({"result": False}, False), (False, False)])
def test_the_test_of_a_connection_is_read_in_both_forms(body: Any, *, passed: bool) -> None:
    tested = reader(answer(200, body)).test(CONNECTION_ID)
    assert tested.passed is passed
    assert bool(tested.said) is not passed


def test_a_bad_credential_may_be_an_error_instead() -> None:
    tested = reader(refused("1308-400", words="Unauthorized by the source")).test(CONNECTION_ID)
    assert not tested.passed
    assert "Unauthorized by the source" in tested.said


@pytest.mark.parametrize(
    "reply", [answer(200, {"result": "true"}), answer(200, {}), answer(200, 1), answer(403, {}), gone(), answer(500)]
)
def test_a_test_that_could_not_be_made_is_neither_passed_nor_failed(reply: httpx.Response) -> None:
    with pytest.raises(ServiceError):
        reader(reply).test(CONNECTION_ID)


@pytest.mark.parametrize(
    ("body", "form"),
    [
        ([{"id": 1}], None),
        ({"data": [{"id": 1}]}, None),
        ({"format": "hierarchical", "schema": {}, "data": [{"id": 1}]}, "hierarchical"),
    ],
)
def test_a_preview_is_read_in_its_three_forms(body: Any, form: str | None) -> None:
    explored = reader(answer(200, body)).explore(CONNECTION_ID, {})
    assert (explored.rows, explored.format) == (({"id": 1},), form)


def test_a_preview_sends_the_source_parameters_as_base64_of_json() -> None:
    service = Service(answer(200, []))
    client(ProofReader, service).explore(CONNECTION_ID, {"listId": "a>?b"})
    url = service.requests[0].url
    assert url.path == f"/data/foundation/flowservice/connections/{CONNECTION_ID}/explore"
    assert {name: url.params[name] for name in ("objectType", "object", "fileType", "preview")} == {
        "objectType": "rest",
        "object": "json",
        "fileType": "json",
        "preview": "true",
    }
    assert decode(base64.b64decode(url.params["sourceParams"])) == {"listId": "a>?b"}
    assert b"=" not in url.query.rpartition(b"sourceParams=")[2]
    client(ProofReader, service).explore(CONNECTION_ID, {})
    assert service.requests[1].url.query.endswith(b"sourceParams=e30%3D")


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"rows": []}, "x"])
def test_a_preview_of_another_form_is_an_error(body: Any) -> None:
    with pytest.raises(ServiceError):
        reader(answer(200, body)).explore(CONNECTION_ID, {})


def test_records_are_not_in_the_repr_of_what_was_read() -> None:
    assert SECRET not in repr(reader(answer(200, [{"email": SECRET}])).explore(CONNECTION_ID, {}))
    found = reader(answer(200, {"id": CONNECTION_ID, "auth": {"params": {"password": SECRET}}})).get("connection", CONNECTION_ID)
    assert SECRET not in repr(found)


def test_a_batch_is_read_with_its_counts() -> None:
    entry = {"status": "success", "metrics": {"recordsRead": 237, "recordsWritten": 237, "recordsFailed": 0}, "errors": []}
    service = Service(answer(200, {"b1": entry}))
    batch = client(ProofReader, service).batch("b1")
    assert batch is not None
    assert (batch.status, batch.ended, batch.succeeded, batch.read, batch.written, batch.failed) == (
        "success",
        True,
        True,
        237,
        237,
        0,
    )
    assert (service.requests[0].url.path, service.requests[0].url.query) == ("/data/foundation/catalog/batches", b"batch=b1")


def test_a_batch_may_be_listed_under_an_id_of_catalog() -> None:
    related = {
        "status": "Failed",
        "relatedObjects": [{"type": "batch", "id": "b1"}],
        "errors": [{"code": "106", "description": "bad row"}],
    }
    batch = reader(answer(200, {"x": {"status": "success"}, "y": related})).batch("b1")
    assert batch is not None
    assert (batch.status, batch.ended, batch.succeeded, batch.errors) == ("failed", True, False, (("106", "bad row"),))


def test_a_batch_that_is_not_listed_yet_is_none_and_an_unknown_status_has_not_ended() -> None:
    assert reader(answer(200, {})).batch("b1") is None
    assert reader(answer(200, {"x": {"status": "success"}})).batch("b1") is None
    batch = reader(answer(200, {"b1": {"status": "polishing"}})).batch("b1")
    assert batch is not None
    assert not batch.ended


@pytest.mark.parametrize("body", [{"data": [{"a": 1}]}, [{"a": 1}]])
def test_the_first_rows_of_a_dataset_are_read(body: Any) -> None:
    service = Service(answer(200, body))
    assert client(ProofReader, service).dataset_preview(DATASET_ID) == ({"a": 1},)
    assert service.requests[0].url.path == f"/data/foundation/export/datasets/{DATASET_ID}/preview"


def test_the_failed_records_of_a_batch_are_read_from_its_files() -> None:
    listing = {"data": [{"name": "part 1.json", "length": "20"}, {"length": "0"}, {"name": "part-2.json"}]}
    service = Service(answer(200, listing), raw(200, b'{"a":1}\n\n{"a":2}\n'), raw(200, b'{"a":3}'))
    assert client(ProofReader, service).failed_records("b1") == ({"a": 1}, {"a": 2}, {"a": 3})
    assert {request.url.path for request in service.requests} == {"/data/foundation/export/batches/b1/failed"}
    assert [request.url.query for request in service.requests] == [b"", b"path=part%201.json", b"path=part-2.json"]


def test_a_file_of_failed_records_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ServiceError, match="one JSON value a line"):
        reader(answer(200, {"data": [{"name": "x"}]}), raw(200, b"PAR1")).failed_records("b1")
    assert reader(answer(200, {"data": []})).failed_records("b1") == ()


@pytest.mark.parametrize("code", ["1334-400", "1337-400", "1358-400"])
def test_a_preview_is_asked_for_in_the_spelling_of_the_openapi_if_that_of_the_pages_is_refused(code: str) -> None:
    service = Service(refused(code), answer(200, [{"id": 1}]))
    assert client(ProofReader, service).explore(CONNECTION_ID, {}).rows == ({"id": 1},)
    assert {"objectType": "REST", "FileType": "json"}.items() <= dict(service.requests[1].url.params).items()


def test_a_preview_that_is_refused_for_another_reason_is_asked_for_once() -> None:
    service = Service(refused("1315-400"))
    with pytest.raises(ServiceError) as caught:
        client(ProofReader, service).explore(CONNECTION_ID, {})
    assert len(service.requests) == 1
    assert error_number(caught.value) == 1315


@pytest.mark.parametrize(
    ("given", "expected"), [("acme", "acme"), ("_acme", "acme"), ("acme_2", None), ("", None), ("a/b", None), (5, None)]
)
def test_the_tenant_is_read_from_the_statistics_of_the_registry(given: Any, expected: str | None) -> None:
    read = reader(answer(200, {"tenantId": given}))
    if expected is None:
        with pytest.raises(ServiceError):
            read.tenant()
    else:
        assert read.tenant() == expected


def test_the_clock_is_that_of_the_service() -> None:
    clock = SimulatedClock()
    read = reader(
        answer(200, {"items": []}, date="Fri, 27 Nov 2026 10:12:00 GMT"), answer(200, {"items": []}, date="nonsense"), clock=clock
    )
    assert read.now() == datetime.fromtimestamp(clock.now(), UTC)
    read.all("flow")
    assert read.now() == datetime(2026, 11, 27, 10, 12, tzinfo=UTC)
    clock.sleep(90)
    read.all("flow")
    assert read.now() == datetime(2026, 11, 27, 10, 13, 30, tzinfo=UTC)


def test_a_text_that_repeats_a_withheld_credential_is_not_shown() -> None:
    read = reader(refused("1308-400", words=f"password {SECRET} is wrong"))
    read.withhold(SECRET)
    tested = read.test(CONNECTION_ID)
    assert not tested.passed
    assert SECRET not in tested.said


def test_a_connection_that_repeats_a_withheld_credential_can_still_be_read() -> None:
    read = reader(answer(200, {"id": CONNECTION_ID, "auth": {"params": {"password": SECRET}}}))
    read.withhold(SECRET)
    assert read.get("connection", CONNECTION_ID) is not None
