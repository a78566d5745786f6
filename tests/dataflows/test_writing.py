"""What the writer makes: bodies, ids, and what becomes of a lost answer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from reconciler.dataflows.observed import MappingCheck
from reconciler.dataflows.resources import Created, ResourceType
from reconciler.dataflows.writing import ProofWriter
from reconciler.documents.json_text import decode
from reconciler.errors import AnswerLost, RefusedForNow, ServiceError
from reconciler.settings.values import Network
from tests.dataflows.wires import ALT_ID, CONNECTION_ID, DATASET_ID, FLOW_ID, SCHEMA_URI, client, refused
from tests.flowservice.simulated import Service, SimulatedClock, answer, listed, raw

SECRET = "hunter2-hunter2-hunter2"
NAME = "reconciler-proof/k/20261127T1012-7f3a/connection"
MADE = {"id": CONNECTION_ID, "etag": '"e"'}
LOST = httpx.ReadTimeout("late")


def writer(service: Service, clock: SimulatedClock | None = None, **network: Any) -> ProofWriter:
    return client(ProofWriter, service, clock, Network(**network))


@pytest.mark.parametrize(
    ("kind", "reply", "made", "path"),
    [
        ("connection", answer(201, MADE), (CONNECTION_ID, CONNECTION_ID, '"e"'), "flowservice/connections"),
        ("flow", answer(201, {"items": [{"id": FLOW_ID}]}), (FLOW_ID, FLOW_ID, None), "flowservice/flows"),
        (
            "sourceConnection",
            answer(201, MADE, etag='"h"'),
            (CONNECTION_ID, CONNECTION_ID, '"h"'),
            "flowservice/sourceConnections",
        ),
        ("dataset", answer(201, [f"@/dataSets/{DATASET_ID}"]), (DATASET_ID, DATASET_ID, None), "catalog/dataSets"),
        (
            "schema",
            answer(201, {"$id": SCHEMA_URI, "meta:altId": ALT_ID}),
            (ALT_ID, SCHEMA_URI, None),
            "schemaregistry/tenant/schemas",
        ),
        (
            "fieldgroup",
            answer(201, {"$id": SCHEMA_URI, "meta:altId": ALT_ID}),
            (ALT_ID, SCHEMA_URI, None),
            "schemaregistry/tenant/fieldgroups",
        ),
        ("mappingSet", answer(200, {"id": "m1", "version": 0}), ("m1", "m1", None), "conversion/mappingSets"),
    ],
)
def test_each_service_says_in_its_own_way_what_was_made(
    kind: ResourceType, reply: httpx.Response, made: tuple[str, str, str | None], path: str
) -> None:
    service = Service(reply)
    created = writer(service).create(kind, {"name": "n"})
    assert (created.id, created.uri, created.etag, created.found) == (*made, False)
    assert (created.type, created.status) == (kind, reply.status_code)
    assert service.requests[0].url.path == f"/data/foundation/{path}"
    assert decode(service.requests[0].content) == {"name": "n"}


def test_a_dataset_asks_for_its_data_source() -> None:
    service = Service(answer(201, ["@/dataSets/1"]))
    writer(service).create("dataset", {})
    assert service.requests[0].url.query == b"requestDataSource=true"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("connection", {}),
        ("connection", {"id": "../x"}),
        ("connection", []),
        ("dataset", []),
        ("dataset", ["@/dataSets/1", "@/dataSets/2"]),
        ("dataset", ["@/batches/1"]),
        ("dataset", ["@/dataSets/../x"]),
        ("dataset", [5]),
        ("dataset", {"id": "1"}),
        ("schema", {"meta:altId": ALT_ID}),
        ("schema", {"$id": SCHEMA_URI}),
        ("mappingSet", {"version": 0}),
    ],
)
def test_an_answer_that_does_not_say_what_was_made_is_a_lost_answer(kind: ResourceType, body: Any) -> None:
    with pytest.raises(AnswerLost):
        writer(Service(answer(201, body))).create(kind, {})


@pytest.mark.parametrize(
    ("reply", "error"),
    [(LOST, AnswerLost), (answer(502), AnswerLost), (answer(429), RefusedForNow), (answer(400, {}), ServiceError)],
)
def test_a_post_is_not_repeated_without_a_look(reply: httpx.Response | Exception, error: type[ServiceError]) -> None:
    service = Service(reply)
    with pytest.raises(error):
        writer(service).create("connection", {})
    assert len(service.requests) == 1


@pytest.mark.parametrize("lost", [LOST, answer(502), raw(201, b"{"), answer(201, {})])
def test_a_lost_post_is_found_by_its_exact_name(lost: httpx.Response | Exception) -> None:
    service = Service(
        lost, listed({"id": "x", "name": NAME + "2"}, {"id": CONNECTION_ID, "name": NAME, "description": "d", "etag": '"e"'})
    )
    created = writer(service).create_or_find("connection", {"name": NAME, "description": "d"}, NAME)
    assert (created.id, created.etag, created.found) == (CONNECTION_ID, '"e"', True)
    assert service.methods == ["POST", "GET"]


def test_a_lost_post_that_shows_up_later_is_waited_for() -> None:
    clock = SimulatedClock()
    service = Service(LOST, listed(), listed(), listed({"id": CONNECTION_ID, "name": NAME}))
    assert writer(service, clock).create_or_find("connection", {}, NAME).id == CONNECTION_ID
    assert clock.slept == [1.0, 2.0]


def test_a_lost_mapping_set_is_looked_for_until_it_can_no_longer_land_because_a_twin_stays() -> None:
    clock = SimulatedClock()
    service = Service(LOST, *[answer(200, {"data": []})] * 16, answer(200, {"id": "m", "version": 0}))
    assert writer(service, clock, consistency_window=10.0).create_or_find("mappingSet", {}, NAME).id == "m"
    assert service.methods == ["POST", *["GET"] * 16, "POST"]
    assert sum(clock.slept) == 70


def test_a_lost_post_that_does_not_show_up_is_sent_again() -> None:
    clock = SimulatedClock()
    looks = [listed()] * 5
    service = Service(LOST, *looks, answer(201, MADE))
    lost: list[Exception] = []
    created = writer(service, clock, consistency_window=10.0).create_or_find("connection", {}, NAME, lost.append)
    assert [type(error) for error in lost] == [AnswerLost]
    assert created == Created("connection", CONNECTION_ID, CONNECTION_ID, 201, created.request_id, '"e"')
    assert service.methods == ["POST", *["GET"] * 5, "POST"]
    assert sum(clock.slept) == 10


def test_a_refused_post_needs_one_look() -> None:
    clock = SimulatedClock()
    service = Service(answer(429), listed(), answer(201, MADE))
    assert writer(service, clock).create_or_find("connection", {}, NAME).id == CONNECTION_ID
    assert service.methods == ["POST", "GET", "POST"]


def test_what_somebody_else_named_alike_is_not_taken() -> None:
    other = listed({"id": "theirs", "name": NAME, "description": "mine"})
    service = Service(LOST, other, answer(201, MADE))
    created = writer(service, consistency_window=0.0).create_or_find("connection", {"description": "d"}, NAME)
    assert created.id == CONNECTION_ID


def test_a_post_that_is_lost_three_times_is_lost() -> None:
    service = Service(LOST, listed(), LOST, listed(), LOST)
    with pytest.raises(AnswerLost):
        writer(service, consistency_window=0.0).create_or_find("connection", {}, NAME)
    assert service.methods.count("POST") == 3


def test_a_post_is_not_sent_again_if_nobody_can_tell_whether_it_was_made() -> None:
    service = Service(LOST, answer(403, {"message": "no"}))
    with pytest.raises(ServiceError):
        writer(service).create_or_find("connection", {}, NAME)
    assert service.methods == ["POST", "GET"]


def test_a_stop_ends_the_look_for_a_lost_post() -> None:
    stop = threading.Event()
    stop.set()
    service = Service(LOST, listed())
    with pytest.raises(AnswerLost):
        client(ProofWriter, service, stop=stop).create_or_find("connection", {}, NAME)
    assert service.methods == ["POST", "GET"]


def test_a_schema_is_found_by_its_title_with_its_uri() -> None:
    page = {"results": [{"title": NAME, "$id": SCHEMA_URI, "meta:altId": ALT_ID}], "_page": {"next": None}}
    created = writer(Service(LOST, answer(200, page))).create_or_find("schema", {"title": NAME, "description": "d"}, NAME)
    assert (created.id, created.uri) == (ALT_ID, SCHEMA_URI)


def test_a_mapping_set_is_replaced_and_a_lost_replacement_is_sent_again() -> None:
    service = Service(LOST, answer(429), answer(200, {}))
    writer(service).replace_mapping_set("m1", {"name": "n"})
    assert service.methods == ["PUT"] * 3
    assert service.requests[0].url.path == "/data/foundation/conversion/mappingSets/m1"
    with pytest.raises(ServiceError):
        writer(Service(answer(400, {}))).replace_mapping_set("m1", {})


@pytest.mark.parametrize(
    ("entry", "check"),
    [
        ({"status": "SUCCESS", "errors": None}, MappingCheck(passed=True)),
        ({"status": "success"}, MappingCheck(passed=True)),
        ({"status": "FAILED", "errors": None}, MappingCheck(passed=False, said="FAILED")),
        (
            {"status": "FAILED", "errors": [{"destination": "a.b", "exception": "no such path"}]},
            MappingCheck(passed=False, said="a.b: no such path"),
        ),
        ({"status": "SUCCESS", "errors": [{"message": "odd"}]}, MappingCheck(passed=False, said="odd")),
        ({"status": "SUCCESS", "errors": "odd"}, MappingCheck(passed=False, said="odd")),
        ({}, MappingCheck(passed=False, said="the service does not say whether it passed")),
        (7, MappingCheck(passed=False, said="the service does not say whether it passed")),
    ],
)
def test_each_mapping_of_a_set_is_checked(entry: Any, check: MappingCheck) -> None:
    service = Service(answer(200, {"validationResponse": [{"status": "SUCCESS"}, entry]}))
    assert writer(service).validate_mapping({"mappings": []}) == (MappingCheck(passed=True), check)
    assert service.requests[0].url.path == "/data/foundation/conversion/mappingSets/validate"


@pytest.mark.parametrize("body", [{}, [], {"validationResponse": None}])
def test_a_check_of_another_form_is_an_error(body: Any) -> None:
    with pytest.raises(ServiceError):
        writer(Service(answer(200, body))).validate_mapping({})


@pytest.mark.parametrize("data", [{"_id": "1"}, [{"_id": "1"}]])
def test_a_record_is_mapped_for_a_preview(data: Any) -> None:
    service = Service(answer(200, {"data": data, "errors": [{"destination": "x", "exception": "bad date"}]}))
    preview = writer(service).preview_mapping({"mappings": []}, {"email": "e"})
    assert (preview.data, preview.errors) == ({"_id": "1"}, (("x", "bad date"),))
    assert decode(service.requests[0].content) == {"data": {"email": "e"}, "mappingSet": {"mappings": []}}


def test_a_preview_that_is_a_list_of_one_is_read() -> None:
    preview = writer(Service(answer(200, [{"data": {"_id": "1"}, "errors": []}]))).preview_mapping({}, {})
    assert (preview.data, preview.errors) == ({"_id": "1"}, ())


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": [1, 2]}, {"data": "x"}, [], [{"data": {}}, {"data": {}}]])
def test_a_preview_without_a_record_is_an_error(body: Any) -> None:
    with pytest.raises(ServiceError):
        writer(Service(answer(200, body))).preview_mapping({}, {})


def test_what_keeps_nothing_is_repeated_like_a_get() -> None:
    service = Service(answer(503), answer(401, {"error_code": "401013"}), answer(200, {"validationResponse": []}))
    assert writer(service).validate_mapping({}) == ()
    assert len(service.token_requests) == 2


@pytest.mark.parametrize("body", [{"items": [{"id": "r1", "etag": "e"}]}, {"id": "r1", "etag": "e"}])
def test_a_run_is_started_with_times_in_seconds(body: Any) -> None:
    clock = SimulatedClock()
    service = Service(answer(201, body))
    start = datetime(2024, 1, 5, tzinfo=UTC)
    assert writer(service, clock).start_run(FLOW_ID, start, start + timedelta(days=1)) == "r1"
    sent = decode(service.requests[0].content)
    assert sent == {
        "flowId": FLOW_ID,
        "params": {"startTime": int(clock.now()) + 60, "windowStartTime": 1704412800, "windowEndTime": 1704499200},
    }


def test_times_that_are_refused_as_numbers_are_sent_as_strings() -> None:
    service = Service(refused("1384-400", words="times are invalid"), answer(201, {"id": "r1", "etag": "e"}))
    at = datetime(2024, 1, 5, tzinfo=UTC)
    assert writer(service).start_run(FLOW_ID, at, at) == "r1"
    assert decode(service.requests[1].content)["params"]["windowStartTime"] == "1704412800"


def test_another_refusal_of_a_run_is_not_sent_again() -> None:
    service = Service(refused("1383-400", words="only for flows that run once"))
    at = datetime(2024, 1, 5, tzinfo=UTC)
    with pytest.raises(ServiceError, match="only for flows that run once"):
        writer(service).start_run(FLOW_ID, at, at)
    assert service.methods == ["POST"]


def test_a_run_whose_answer_is_lost_is_not_started_twice() -> None:
    service = Service(LOST)
    at = datetime(2024, 1, 5, tzinfo=UTC)
    with pytest.raises(AnswerLost):
        writer(service).start_run(FLOW_ID, at, at)
    assert service.methods == ["POST"]


def test_no_credential_of_a_body_is_in_an_error() -> None:
    service = Service(refused("1304-400", words=f"password {SECRET} is wrong"))
    with writer(service) as made:
        made.withhold(SECRET)
        with pytest.raises(ServiceError) as caught:
            made.create("connection", {"auth": {"params": {"password": SECRET}}})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("status", [400, 409])
def test_a_refusal_after_a_lost_post_may_mean_that_it_was_made(status: int) -> None:
    page = {"results": [{"title": NAME, "$id": SCHEMA_URI, "meta:altId": ALT_ID}], "_page": {"next": None}}
    service = Service(LOST, answer(200, {"results": []}), answer(status, {"title": "Title not unique"}), answer(200, page))
    created = writer(service, consistency_window=0.0).create_or_find("schema", {"title": NAME}, NAME)
    assert (created.id, created.found) == (ALT_ID, True)


def test_a_refusal_after_a_lost_post_that_made_nothing_is_the_error() -> None:
    service = Service(LOST, answer(200, {"results": []}), answer(400, {"message": "bad"}), answer(200, {"results": []}))
    with pytest.raises(ServiceError, match="bad"):
        writer(service, consistency_window=0.0).create_or_find("schema", {"title": NAME}, NAME)


def test_a_first_refusal_is_the_error_at_once() -> None:
    service = Service(answer(400, {"message": "bad"}))
    with pytest.raises(ServiceError, match="bad"):
        writer(service).create_or_find("schema", {"title": NAME}, NAME)
    assert service.methods == ["POST"]


END = answer(200, {"data": []})


def mapping_set(description: str) -> dict[str, Any]:
    return {"name": NAME, "tags": [{"name": "reconciler", "values": [description]}], "mappings": []}


def test_a_lost_mapping_set_is_only_one_with_the_same_tag() -> None:
    theirs, own = {"id": "m1"} | mapping_set("theirs"), {"id": "m2"} | mapping_set("ours")
    service = Service(LOST, answer(200, {"data": [theirs, own]}), END)
    assert writer(service).create_or_find("mappingSet", mapping_set("ours"), NAME).id == "m2"


def test_a_mapping_set_that_is_listed_without_tags_is_read_before_it_counts() -> None:
    bare: dict[str, Any] = {"id": "m1", "name": NAME}
    read = answer(200, bare | {"mappings": [{"description": "ours"}]})
    service = Service(LOST, answer(200, {"data": [bare]}), END, read)
    assert writer(service).create_or_find("mappingSet", mapping_set("ours"), NAME).id == "m1"
    assert service.methods == ["POST", "GET", "GET", "GET"]


def test_a_mapping_set_without_a_tag_is_not_what_a_lost_post_made() -> None:
    bare: dict[str, Any] = {"id": "m1", "name": NAME}
    listed_bare = answer(200, {"data": [bare]})
    service = Service(LOST, listed_bare, END, answer(200, bare), answer(200, {"id": "m2"}))
    assert writer(service, consistency_window=0).create_or_find("mappingSet", mapping_set("ours"), NAME).id == "m2"
