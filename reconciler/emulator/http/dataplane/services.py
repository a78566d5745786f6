"""The services of the platform beside Flow Service, each behind the same gateway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.routing import Mount, Route, Router

from reconciler.emulator.http.dataplane.access import access_routes
from reconciler.emulator.http.dataplane.catalog import catalog_routes
from reconciler.emulator.http.dataplane.conversion import conversion_routes
from reconciler.emulator.http.dataplane.export import export_routes
from reconciler.emulator.http.dataplane.sandboxes import sandbox_routes
from reconciler.emulator.http.dataplane.schemas import registry_routes
from reconciler.emulator.http.gateway import Gateway
from reconciler.emulator.model import ACCESS_CONTROL, CATALOG, CONVERSION, EXPORT, SANDBOX_MANAGEMENT, SCHEMA_REGISTRY
from reconciler.emulator.service import Service

_SERVICES: Final[tuple[tuple[str, Callable[[Service], list[Route]], bool], ...]] = (
    (SCHEMA_REGISTRY, registry_routes, True),
    (CATALOG, catalog_routes, True),
    (EXPORT, export_routes, True),
    (CONVERSION, conversion_routes, True),
    (SANDBOX_MANAGEMENT, sandbox_routes, False),
    (ACCESS_CONTROL, access_routes, True),
)
"""Path, routes, and whether the service needs a sandbox."""


def platform_services(service: Service) -> list[Mount]:
    """The services, each below its path."""
    return [
        Mount(path, app=Gateway(service, Router(routes(service), redirect_slashes=False), sandboxed=sandboxed))
        for path, routes, sandboxed in _SERVICES
    ]
