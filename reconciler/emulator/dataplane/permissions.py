"""Which permission a call needs, and what to say if the credential lacks it.

Source: docs, "Access control overview" (names of permissions) and the error bodies of the services. A permission to manage includes the
one to view.
"""

from __future__ import annotations

from typing import Final

from reconciler.emulator.model import CATALOG, CONVERSION, EXPORT, SANDBOX_MANAGEMENT, SCHEMA_REGISTRY, SERVICE
from reconciler.emulator.problems import DeclinedError, flow_service, registry
from reconciler.emulator.switches.behaviour import Behaviour

_THINGS: Final = {
    SERVICE: "Sources",
    SCHEMA_REGISTRY: "Schemas",
    CATALOG: "Datasets",
    EXPORT: "Datasets",
    CONVERSION: "Sources",
    SANDBOX_MANAGEMENT: "Sandboxes",
}
_READS: Final = ("/validate", "/preview", "/search", "/test", "/explore")
"""Endings of calls that keep nothing, whatever their method."""
PERMISSIONS: Final = tuple(sorted({f"{verb} {thing}" for thing in _THINGS.values() for verb in ("View", "Manage")}))


def needed(method: str, path: str) -> tuple[str, ...]:
    """The permissions of which the call needs one; none for a path without permissions."""
    thing = next((thing for prefix, thing in _THINGS.items() if path == prefix or path.startswith(f"{prefix}/")), None)
    if thing is None:
        return ()
    reads = method in ("GET", "HEAD") or path.endswith(_READS)
    return (f"View {thing}", f"Manage {thing}") if reads else (f"Manage {thing}",)


def check_permission(behaviour: Behaviour, method: str, path: str, request_id: str) -> None:
    """Raise `DeclinedError` (403, with the name of the permission) if the credential lacks what the call needs."""
    wanted = needed(method, path)
    if not wanted or any(one not in behaviour.missing_permissions for one in wanted):
        return
    raise _refused(wanted[0], path, request_id)


def _refused(permission: str, path: str, request_id: str) -> DeclinedError:
    message = f"The permission '{permission}' is missing. Please contact your administrator to request it and try again."
    if path.startswith(SERVICE):
        return flow_service("2118-403", message, request_id=request_id)
    title = "Permission management access denied"
    if path.startswith(SCHEMA_REGISTRY):
        return registry("2010", 403, title, message, request_id)
    return DeclinedError(403, {"type": "/placeholder/type/uri", "status": 403, "title": title, "detail": message})
