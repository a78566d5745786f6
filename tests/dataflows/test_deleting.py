"""DELETEs: where they go, and what their answers mean."""

from __future__ import annotations

import httpx
import pytest

from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.dataflows.resources import ResourceType
from reconciler.errors import AnswerLost, RefusedForNow, ServiceError, SpecNotFound
from tests.dataflows.wires import ALT_ID, CONNECTION_ID, DATASET_ID, FLOW_ID, client, gone, refused
from tests.flowservice.simulated import Service, answer, raw


def delete(service: Service, kind: ResourceType = "flow", resource_id: str = FLOW_ID) -> None:
    client(ProofCleaner, service).delete(kind, resource_id)


@pytest.mark.parametrize(
    ("kind", "resource_id", "path"),
    [
        ("flow", FLOW_ID, f"flowservice/flows/{FLOW_ID}"),
        ("connection", CONNECTION_ID, f"flowservice/connections/{CONNECTION_ID}"),
        ("dataset", DATASET_ID, f"catalog/dataSets/{DATASET_ID}"),
        ("schema", ALT_ID, f"schemaregistry/tenant/schemas/{ALT_ID}"),
        ("fieldgroup", ALT_ID, f"schemaregistry/tenant/fieldgroups/{ALT_ID}"),
    ],
)
@pytest.mark.parametrize("reply", [answer(204), answer(200, ["@/dataSets/1"]), answer(202), raw(200, b"what")], ids=range(4))
def test_any_success_means_that_the_delete_was_accepted(
    kind: ResourceType, resource_id: str, path: str, reply: httpx.Response
) -> None:
    service = Service(reply)
    delete(service, kind, resource_id)
    assert [(request.method, request.url.path, request.content) for request in service.requests] == [
        ("DELETE", f"/data/foundation/{path}", b"")
    ]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (gone(), SpecNotFound),
        (httpx.ReadTimeout("late"), AnswerLost),
        (answer(500, {}), AnswerLost),
        (answer(429), RefusedForNow),
        (refused("1418-400"), ServiceError),
        (answer(403, {}), ServiceError),
        (answer(404, {"message": "no such route"}), ServiceError),
    ],
)
def test_a_delete_is_sent_once_and_its_answer_says_what_is_known(
    reply: httpx.Response | Exception, error: type[ServiceError]
) -> None:
    service = Service(reply)
    with pytest.raises(ServiceError) as caught:
        delete(service)
    assert type(caught.value) is error
    assert service.methods == ["DELETE"]


def test_a_rejected_token_is_renewed() -> None:
    service = Service(answer(401, {"error_code": "401013"}), answer(204))
    delete(service)
    assert service.methods == ["DELETE", "DELETE"]


@pytest.mark.parametrize("reply", [answer(404, {"message": "no such route"}), answer(405), raw(404, b"")])
def test_a_base_connection_may_be_deleted_at_a_path_with_a_slash(reply: httpx.Response) -> None:
    service = Service(reply, answer(204))
    delete(service, "connection", CONNECTION_ID)
    assert [request.url.path[-1] for request in service.requests] == [CONNECTION_ID[-1], "/"]


@pytest.mark.parametrize("reply", [gone(), refused("1418-400"), answer(403, {})])
def test_an_answer_about_a_base_connection_itself_is_believed(reply: httpx.Response) -> None:
    service = Service(reply, answer(204))
    with pytest.raises(ServiceError):
        delete(service, "connection", CONNECTION_ID)
    assert len(service.requests) == 1


@pytest.mark.parametrize("resource_id", ["", "..", "a/../b", "?x", f"{FLOW_ID}/"])
def test_an_odd_id_is_not_sent(resource_id: str) -> None:
    service = Service(answer(204))
    with pytest.raises(ServiceError):
        delete(service, "flow", resource_id)
    assert not service.requests
