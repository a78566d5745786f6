"""What each client can send, and what none of them can."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.dataflows.calling import Calls
from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.writing import ProofWriter
from reconciler.flowservice.messages import Call
from reconciler.flowservice.session import FlowServiceSession
from reconciler.http.messages import Answer
from tests.dataflows.wires import CONNECTION_ID, FLOW_ID, client
from tests.flowservice.simulated import SPEC_ID, Service, answer

SPEC_WRITES = (
    Call("POST", "/connectionSpecs", body=b"{}"),
    Call("PUT", f"/connectionSpecs/{SPEC_ID}", body=b"{}"),
    Call("POST", "/flowSpecs", body=b"{}"),
    Call("PUT", f"/flowSpecs/{SPEC_ID}", body=b"{}"),
    Call("DELETE", f"/connectionSpecs/{SPEC_ID}"),
)
OTHER_WRITES = (
    Call("PATCH", f"/flows/{FLOW_ID}", body=b"[]"),
    Call("PUT", f"/flows/{FLOW_ID}", body=b"{}"),
    Call("POST", f"/flows/{FLOW_ID}/action", body=b"{}"),
    Call("DELETE", "/mappingSets/1", service="conversion"),
    Call("DELETE", "/flows"),
    Call("DELETE", f"/flows/{FLOW_ID}/runs"),
    Call("DELETE", f"/dataSets/{FLOW_ID}"),
    Call("DELETE", f"/connections/{CONNECTION_ID}?x=/y"),
    Call("DELETE", "/sandboxes/dev", service="sandbox-management"),
)
MAKES = (
    Call("POST", "/connections", body=b"{}"),
    Call("POST", "/flows", body=b"{}"),
    Call("POST", "/runs", body=b"{}"),
    Call("POST", "/dataSets", body=b"{}", service="catalog"),
    Call("POST", "/tenant/schemas", body=b"{}", service="schemaregistry"),
    Call("POST", "/mappingSets/validate", body=b"{}", service="conversion"),
    Call("PUT", "/mappingSets/1", body=b"{}", service="conversion"),
)
DELETES = (
    Call("DELETE", f"/flows/{FLOW_ID}"),
    Call("DELETE", f"/connections/{CONNECTION_ID}/"),
    Call("DELETE", "/dataSets/5ba9452f7de80400007fc52a", service="catalog"),
    Call("DELETE", "/tenant/schemas/_acme.schemas.1", service="schemaregistry"),
)


def calls_of(kind: type[ProofReader], service: Service) -> Calls:
    """What a client sends its calls through."""

    class Held(Calls):
        def __init__(self, session: FlowServiceSession) -> None:
            super().__init__(session, kind.PERMITS)

    return client(Held, service)


def nothing(_answer: Answer) -> None:
    """The answer is not looked at."""


@pytest.mark.parametrize("kind", [ProofReader, ProofWriter, ProofCleaner])
@pytest.mark.parametrize("call", [*SPEC_WRITES, *OTHER_WRITES], ids=str)
def test_no_client_can_write_a_spec_or_change_what_it_did_not_make(kind: Any, call: Call) -> None:
    service = Service(answer(200, {}))
    with pytest.raises(RuntimeError, match="not a call of this client"):
        calls_of(kind, service).write(call, nothing)
    assert not service.requests
    assert not service.token_requests


@pytest.mark.parametrize("kind", [ProofReader, ProofCleaner])
@pytest.mark.parametrize("call", MAKES, ids=str)
def test_only_the_writer_can_make_anything(kind: Any, call: Call) -> None:
    service = Service(answer(200, {}))
    with pytest.raises(RuntimeError):
        calls_of(kind, service).write(call, nothing)
    with pytest.raises(RuntimeError):
        calls_of(kind, service).ask(call, nothing)
    assert not service.requests
    calls_of(ProofWriter, service).write(call, nothing)
    assert len(service.requests) == 1


@pytest.mark.parametrize("kind", [ProofReader, ProofWriter])
@pytest.mark.parametrize("call", DELETES, ids=str)
def test_only_the_cleaner_can_delete(kind: Any, call: Call) -> None:
    service = Service(answer(204))
    with pytest.raises(RuntimeError):
        calls_of(kind, service).write(call, nothing)
    assert not service.requests
    calls_of(ProofCleaner, service).write(call, nothing)
    assert service.methods == ["DELETE"]


@pytest.mark.parametrize("kind", [ProofReader, ProofCleaner, ProofWriter])
def test_a_read_cannot_carry_a_write(kind: Any) -> None:
    service = Service(answer(200, {}))
    with pytest.raises(RuntimeError):
        calls_of(kind, service).read(SPEC_WRITES[0], nothing)
    assert not service.requests
