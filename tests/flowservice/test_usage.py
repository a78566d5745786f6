from __future__ import annotations

from typing import Any

import msgspec
import pytest

from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError
from reconciler.flowservice.specs import Usage
from reconciler.flowservice.usage import Users, UsingFlow, using_flow
from tests.flowservice.simulated import FLOW_SPEC_ID, SPEC_ID, Service, answer, client, listed

OTHER_ID = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
BEGAN = 1_670_284_458_833


def connection(number: int, spec_id: str = SPEC_ID, **fields: Any) -> dict[str, Any]:
    base = {"id": f"base-{number}", "connectionSpec": {"id": spec_id, "version": "1.0"}}
    return {"id": f"source-{number}", "connectionSpec": {"id": spec_id, "version": "1.0"}, "baseConnection": base, **fields}


def flow(*connections: Any, **fields: Any) -> dict[str, Any]:
    return {"id": "flow", "state": "enabled", "inheritedAttributes": {"sourceConnections": list(connections)}, **fields}


def said(item: Any) -> UsingFlow:
    return using_flow(msgspec.Raw(msgspec.json.encode(item)), SPEC_ID)


def test_one_filtered_query_tells_who_uses_a_connection_spec() -> None:
    service = Service(listed(flow(connection(1), lastRunDetails={"startedAtUTC": BEGAN})))
    users = client(service).users_of(Kind.CONNECTION_SPEC, SPEC_ID)
    seen = UsingFlow("flow", True, BEGAN, frozenset({"source-1"}), frozenset({"base-1"}))
    assert users == Users((seen,))
    assert [request.url.raw_path.decode().removeprefix("/data/foundation/flowservice") for request in service.requests] == [
        f"/flows?property=inheritedAttributes.sourceConnections%5B%5D.connectionSpec.id=={SPEC_ID}"
    ]


def test_one_filtered_query_tells_who_uses_a_flow_spec() -> None:
    service = Service(listed(flow(connection(1, OTHER_ID), flowSpec={"id": FLOW_SPEC_ID})))
    users = client(service).users_of(Kind.FLOW_SPEC, FLOW_SPEC_ID)
    assert [one.source_connections for one in users.flows] == [frozenset({"source-1"})]
    assert service.requests[0].url.query.decode() == f"property=flowSpec.id=={FLOW_SPEC_ID}"


@pytest.mark.parametrize(
    ("spec", "uses"), [(FLOW_SPEC_ID, 1), ({"id": FLOW_SPEC_ID}, 1), (OTHER_ID, 0), ({"id": OTHER_ID}, 0), (5, 1)]
)
def test_a_flow_names_its_flow_spec_as_an_id_or_an_object_and_counts_when_it_does_not(spec: Any, uses: int) -> None:
    assert len(client(Service(listed({"id": "f", "flowSpec": spec}))).users_of(Kind.FLOW_SPEC, FLOW_SPEC_ID).flows) == uses


def test_flows_that_a_filter_which_was_ignored_lets_through_are_no_users() -> None:
    users = client(Service(listed(flow(connection(1, OTHER_ID)), flow(connection(2))))).users_of(Kind.CONNECTION_SPEC, SPEC_ID)
    assert [one.source_connections for one in users.flows] == [frozenset({"source-2"})]


def test_of_a_flow_only_the_connections_of_the_spec_count() -> None:
    assert said(flow(connection(1), connection(2, OTHER_ID))).source_connections == frozenset({"source-1"})


def test_a_streaming_source_has_no_base_connection() -> None:
    streaming = connection(1)
    del streaming["baseConnection"]
    assert said(flow(streaming)).base_connections == frozenset()


@pytest.mark.parametrize("item", [{}, 5, None, flow(), flow({}), flow(5), flow({"id": 5})])
def test_a_flow_that_does_not_tell_its_connections_leaves_their_number_open(item: Any) -> None:
    assert (said(item).source_connections, said(item).base_connections) == (None, None)


@pytest.mark.parametrize(
    ("state", "enabled"), [("enabled", True), ("ENABLED", True), ("disabled", False), ("draft", False), (None, None)]
)
def test_only_a_flow_whose_state_is_enabled_is_enabled(state: Any, enabled: bool | None) -> None:
    assert said(flow(state=state)).is_enabled is enabled


@pytest.mark.parametrize(
    ("details", "last_run_at"),
    [
        ({"startedAtUTC": BEGAN, "completedAtUTC": BEGAN + 5}, BEGAN),
        ({"completedAtUTC": BEGAN}, BEGAN),
        ({"startedAtUTC": "soon"}, None),
        ({"startedAtUTC": True}, None),
        ({"startedAtUTC": 2**60}, None),
        ("never", None),
        (None, None),
    ],
)
def test_the_last_run_is_when_it_began_or_else_ended(details: Any, last_run_at: int | None) -> None:
    assert said(flow(lastRunDetails=details)).last_run_at == last_run_at


def test_a_list_that_counts_more_than_it_shows_is_not_whole() -> None:
    assert client(Service(listed(flow(connection(1)), count=2))).users_of(Kind.CONNECTION_SPEC, SPEC_ID).is_whole is False


def test_of_a_list_without_end_only_the_first_pages_are_read() -> None:
    pages = [
        listed(flow(connection(1)) | {"id": f"flow-{number}"}, next_href=f"/flows?continuationToken={number}")
        for number in range(20)
    ]
    service = Service(*pages)
    users = client(service).users_of(Kind.CONNECTION_SPEC, SPEC_ID)
    assert (len(service.requests), len(users.flows), users.is_whole) == (10, 10, False)


def test_who_uses_a_spec_is_an_error_where_the_credential_may_not_know() -> None:
    with pytest.raises(ServiceError, match="2118-403"):
        client(Service(answer(403, {"errorCode": "2118-403", "errorMessage": "missing permission"}))).users_of(
            Kind.CONNECTION_SPEC, SPEC_ID
        )


def test_the_guard_over_detaches_learns_on_its_way_who_the_users_are() -> None:
    sources = listed({"id": "source-1", "baseConnectionId": "base-1"}, {"id": "source-2", "connectionSpec": {"id": SPEC_ID}})
    usage = client(Service(sources, listed(flow(connection(1))))).usage_of(SPEC_ID)
    assert usage.users.source_connections == {"source-1", "source-2"}
    assert usage.users.base_connections == {"base-1"}
    assert [one.id for one in usage.users.flows] == ["flow"]


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
    assert client(service).usage_of(SPEC_ID) == Usage(flows=1, source_connections=2)


def test_usage_does_not_count_what_a_filter_that_was_ignored_lets_through() -> None:
    usage = client(Service(listed(_source_connection(OTHER_ID)), listed(_flow(OTHER_ID)))).usage_of(SPEC_ID)
    assert usage == Usage(flows=0, source_connections=0)


@pytest.mark.parametrize("flow", [{"id": "f"}, {}, 5, {"inheritedAttributes": []}, _flow(), _flow(None), _flow(OTHER_ID, 5)])
def test_usage_counts_what_does_not_say_which_spec_it_uses(flow: Any) -> None:
    usage = client(Service(listed({"id": "sc"}, 5), listed(flow))).usage_of(SPEC_ID)
    assert usage == Usage(flows=1, source_connections=2)


def test_usage_that_shows_fewer_than_it_counts_is_an_error() -> None:
    with pytest.raises(ServiceError, match="counts 3 but lists 0"):
        client(Service(listed(count=3))).usage_of(SPEC_ID)


def test_usage_is_never_guessed_from_an_error() -> None:
    with pytest.raises(ServiceError, match="403 2118-403"):
        client(Service(answer(403, {"errorCode": "2118-403", "errorMessage": "missing permission"}))).usage_of(SPEC_ID)
