"""Sandbox management, read only: which sandboxes there are.

Source: OpenAPI of the Sandbox API, and docs, "Sandboxes API guide".
"""

from __future__ import annotations

from functools import partial

from starlette.responses import Response
from starlette.routing import Route

from reconciler.documents.json_text import Document
from reconciler.emulator.http.calls import Call, json_response, route
from reconciler.emulator.model import Place
from reconciler.emulator.problems import bad_request, not_found
from reconciler.emulator.service import Service

_PAGE = 50
_DIGITS = 10
_CREATED = "2026-01-05 09:30:00"


def sandbox_routes(service: Service) -> list[Route]:
    """The endpoints below the path of sandbox management. None of them needs a sandbox."""
    return [
        route("/", {"GET": partial(_active, service)}),
        route("/sandboxes", {"GET": partial(_all, service)}),
        route("/sandboxes/{name}", {"GET": partial(_one, service)}),
    ]


def _all(service: Service, call: Call) -> Response:
    """All sandboxes of the organization, for administrators."""
    return _answer(call, [_shown(service, call, name) for name in service.behaviour.sandboxes])


def _active(service: Service, call: Call) -> Response:
    """The active sandboxes that the credential can use."""
    shown = [_shown(service, call, name) for name in service.behaviour.sandboxes]
    return _answer(call, [one for one in shown if one["state"] == "active"])


def _one(service: Service, call: Call) -> Response:
    name = call.path["name"]
    if name not in service.behaviour.sandboxes:
        raise not_found(f"Sandbox with name {name} not found")
    return json_response(_shown(service, call, name))


def _answer(call: Call, sandboxes: list[Document]) -> Response:
    """One page, from `offset` on, of `limit` at most; the link to the next one, while there is one."""
    limit, offset = _number(call, "limit", _PAGE, least=1), _number(call, "offset", 0)
    page = sandboxes[offset : offset + limit]
    address = "/sandboxes{?limit,offset}"
    links: Document = {"page": {"href": address, "templated": True}}
    if offset + limit < len(sandboxes):
        links = {"next": {"href": address, "templated": True}} | links
    return json_response({"sandboxes": page, "_page": {"limit": limit, "count": len(page)}, "_links": links})


def _number(call: Call, name: str, default: int, *, least: int = 0) -> int:
    given = call.parameter(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < _DIGITS and int(given) >= least):
        raise bad_request(f"{name} must be a number of at least {least}")
    return int(given)


def _shown(service: Service, call: Call, name: str) -> Document:
    is_prod = name == "prod"
    defaults: dict[str, str] = {
        "title": name.replace("-", " ").replace("_", " ").title(),
        "state": "active",
        "type": "production" if is_prod else "development",
        "region": "VA7",
    }
    return {
        "name": name,
        **defaults,
        **{str(key): value for key, value in service.behaviour.sandbox_details.get(name, {}).items()},
        "id": Place(call.caller.place.org, name).sandbox_id,
        "isDefault": is_prod,
        "eTag": 1,
        "createdDate": _CREATED,
        "lastModifiedDate": _CREATED,
        "createdBy": "admin@AdobeID",
        "modifiedBy": "admin@AdobeID",
    }
