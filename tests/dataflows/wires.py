"""Clients of a service in memory, and answers in the form of each service of Experience Platform."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from reconciler.flowservice.connecting import Client, connect
from reconciler.http.clock import Stop
from reconciler.secret import Secret
from reconciler.settings.values import Network, OAuthCredentials
from tests.flowservice.simulated import CLIENT_SECRET, Service, SimulatedClock, answer, target

PLATFORM = "https://platform.adobe.io/data/foundation"
FLOW_ID = "0d2b1c3e-6f5a-4d4b-8a5e-1b2c3d4e5f60"
CONNECTION_ID = "7a1d2c3b-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
DATASET_ID = "5ba9452f7de80400007fc52a"
ALT_ID = "_acme.schemas.9a2b8f4c"
SCHEMA_URI = "https://ns.adobe.com/acme/schemas/9a2b8f4c"

C = TypeVar("C", bound=Client)


def client(
    kind: type[C],
    service: Service,
    clock: SimulatedClock | None = None,
    network: Network | None = None,
    stop: Stop | None = None,
) -> C:
    return connect(
        kind,
        target(),
        OAuthCredentials("client-1", Secret(CLIENT_SECRET)),
        network or Network(),
        clock=clock or SimulatedClock(),
        rng=random.Random(7),  # noqa: S311 - jitter and request ids are no secrets
        wire=service.wire(),
        stop=stop,
    )


def by_path(**answers: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    """Answers by the last segment of the path; anything else is the service's own 404."""

    def reply(request: httpx.Request) -> httpx.Response:
        found = answers.get(request.url.path.rstrip("/").rpartition("/")[2])
        return httpx.Response(found.status_code, headers=found.headers, content=found.content) if found else gone()

    return reply


def gone() -> httpx.Response:
    """The 404 of Flow Service for a resource that does not exist."""
    return answer(404, {"errorMessage": "flows not found with id = [x]", "errorDetails": "flows not found with id = [x]"})


def refused(code: str, status: int = 400, words: str = "not now") -> httpx.Response:
    body: dict[str, Any] = {
        "type": f"https://ns.adobe.com/aep/errors/FLOW-{code}",
        "title": words,
        "status": status,
        "report": {},
    }
    return answer(status, body)


def queries(service: Service) -> list[str]:
    return [request.url.query.decode() for request in service.requests]
