"""Access control, read only: which permissions the credential has in the sandbox.

Source: OpenAPI of the Access Control API: `/permissions/<name>` and `/resource-types/<name>` are asked for, and answered with actions.
"""

from __future__ import annotations

from functools import partial

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from reconciler.documents.json_text import Json
from reconciler.emulator.dataplane.permissions import PERMISSIONS
from reconciler.emulator.http.calls import Call, json_response, route
from reconciler.emulator.problems import bad_request
from reconciler.emulator.service import Service
from reconciler.emulator.switches.behaviour import Behaviour

_PERMISSION, _RESOURCE = "/permissions/", "/resource-types/"


def access_routes(service: Service) -> list[Route]:
    """The endpoints below the path of access control."""
    return [
        route("/acl/reference", {"GET": _reference}),
        route("/acl/effective-policies", {"POST": partial(_effective, service)}),
    ]


def _reference(_call: Call) -> Response:
    things = sorted({_slug(name).partition("-")[2] for name in PERMISSIONS})
    return json_response({"permissions": [_slug(name) for name in PERMISSIONS], "resource-types": things})


def _effective(service: Service, call: Call) -> Response:
    try:
        wanted: Json = msgspec.json.decode(call.body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise bad_request("The request body is not valid JSON") from error
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        raise bad_request("The request body must be a list of resource URLs")
    return json_response({"policies": {url: _actions(service.behaviour, url) for url in wanted}})


def _actions(behaviour: Behaviour, url: str) -> list[str]:
    """What the credential may do; nothing with an unknown resource."""
    held = {_slug(name) for name in PERMISSIONS if name not in behaviour.missing_permissions}
    if url.startswith(_PERMISSION):
        return ["*"] if url.removeprefix(_PERMISSION) in held else []
    thing = url.removeprefix(_RESOURCE)
    if f"manage-{thing}" in held:
        return ["read", "write", "delete"]
    return ["read"] if f"view-{thing}" in held else []


def _slug(permission: str) -> str:
    return permission.lower().replace(" ", "-")
