"""The gateway before the service: it checks credentials and sandbox, header by header in the gateway's order."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from reconciler.emulator.dataplane.permissions import check_permission
from reconciler.emulator.http.calls import Caller
from reconciler.emulator.model import Author, Place
from reconciler.emulator.problems import flow_service, gateway
from reconciler.emulator.service import Service


class Gateway:
    """Passes a request to the service with its `Caller`, or answers with the error of the first invalid header.

    `sandboxed` is whether the service needs a sandbox.
    """

    def __init__(self, service: Service, app: ASGIApp, *, sandboxed: bool = True) -> None:
        self._service = service
        self._app = app
        self._sandboxed = sandboxed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["state"]
        state["caller"] = admit(self._service, Headers(scope=scope), state["request_id"], sandboxed=self._sandboxed)
        check_permission(self._service.behaviour, scope["method"], scope["path"], state["request_id"])
        await self._app(scope, receive, send)


def admit(service: Service, headers: Mapping[str, str], request_id: str, *, sandboxed: bool = True) -> Caller:
    """The caller that the headers identify. Raises `DeclinedError`: token, API key, organization, sandbox, in this order."""
    api_key = headers.get("x-api-key", "").strip()
    author = _author(service, headers.get("authorization", ""), api_key)
    if not api_key:
        raise gateway(403, "403000", "Api Key is required")
    clients = service.behaviour.clients
    if clients is not None and api_key not in clients:
        raise gateway(403, "403003", "Api Key is invalid")
    org = headers.get("x-gw-ims-org-id", "").strip()
    if not org:
        raise gateway(400, "400003", "Missing header")
    return Caller(author, Place(org, _sandbox(service, headers, request_id) if sandboxed else ""))


def _author(service: Service, authorization: str, api_key: str) -> Author:
    scheme, _, token = authorization.strip().partition(" ")
    if not authorization.strip():
        raise gateway(403, "403010", "Oauth token is missing.")
    author = service.author(token.strip(), api_key) if scheme.lower() == "bearer" else None
    if author is None:
        raise gateway(401, "401013", "Oauth token is not valid")
    return author


def _sandbox(service: Service, headers: Mapping[str, str], request_id: str) -> str:
    sandbox = headers.get("x-sandbox-name", "").strip()
    if not sandbox:
        message = "The header x-sandbox-name is missing in the request. Please add the header in the request and try again."
        raise flow_service("2105-400", message, request_id=request_id)
    if sandbox not in service.behaviour.sandboxes:
        message = (
            f"The sandbox with the name '{sandbox}' could not be found."
            " Please ensure that the sandbox name is correct and try again."
        )
        raise flow_service("2100-404", message, request_id=request_id)
    return sandbox
