"""The ASGI application: the token endpoint, Flow Service behind its gateway, and the administration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Router
from starlette.types import ASGIApp

from reconciler.emulator.addresses import inlet_of
from reconciler.emulator.dataplane.connecting.flows import shown_flow
from reconciler.emulator.http.admin import AdminEndpoints
from reconciler.emulator.http.calls import refusal, route
from reconciler.emulator.http.dataplane.explore import ExploreEndpoints
from reconciler.emulator.http.dataplane.inlet import inlet_routes
from reconciler.emulator.http.dataplane.objects import ObjectEndpoints
from reconciler.emulator.http.dataplane.runs import RunEndpoints
from reconciler.emulator.http.dataplane.services import platform_services
from reconciler.emulator.http.front import Front
from reconciler.emulator.http.gateway import Gateway
from reconciler.emulator.http.specs import SpecEndpoints
from reconciler.emulator.http.tokens import issue
from reconciler.emulator.model import ADMIN, FLOW_KINDS, SERVICE, SPEC_KINDS, TOKENS
from reconciler.emulator.problems import DeclinedError, no_such_path
from reconciler.emulator.service import Service


def create_app(service: Service) -> ASGIApp:
    """The service as an ASGI application. It awaits only the client connection, so it also runs without an event loop."""
    service.show_flow = partial(shown_flow, partial(_inlet, service))
    endpoints = [
        *(one for kind in SPEC_KINDS for one in SpecEndpoints(service, kind).routes()),
        *(one for kind in FLOW_KINDS for one in ObjectEndpoints(service, kind).routes()),
        *ExploreEndpoints(service).routes(),
        *RunEndpoints(service).routes(),
    ]
    behind_gateway = Gateway(service, Router(endpoints, redirect_slashes=False))
    routes = [
        route(TOKENS, {"POST": partial(issue, service)}),
        Mount(SERVICE, app=behind_gateway),
        *platform_services(service),
        *inlet_routes(service),
        Mount(ADMIN, app=Router(AdminEndpoints(service).routes(), redirect_slashes=False)),
    ]
    app = Starlette(routes=routes, exception_handlers={DeclinedError: _declined, HTTPException: _unknown_path})
    app.router.redirect_slashes = False
    return Front(service, app)


def _inlet(service: Service, flow: Mapping[str, Any]) -> str | None:
    """The address of the inlet of a flow; None before it has one."""
    behaviour = service.behaviour
    made: float = flow["createdAt"] / 1000 - behaviour.clock_skew
    return inlet_of(service, flow) if service.clock() >= made + behaviour.inlet_delay else None


async def _declined(_request: Request, error: Exception) -> Response:
    assert isinstance(error, DeclinedError)  # noqa: S101  Starlette passes the exception type that was registered
    return refusal(error)


async def _unknown_path(request: Request, _error: Exception) -> Response:
    return refusal(no_such_path(request.url.path))
