"""The schema registry: the tenant ID, own field groups and own schemas.

Source: OpenAPI of the Schema Registry. A GET needs an `Accept` of its own: `xed-id+json` or `xed+json` for lists, and a version for one
resource.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from reconciler.documents.json_text import Document, decode, value_at
from reconciler.emulator.dataplane.registry.resources import (
    Invalid,
    find,
    is_in_a_union,
    make,
    shown,
    tenant_of,
    used_by,
)
from reconciler.emulator.http.calls import Call, json_body, json_response, route, whole_number
from reconciler.emulator.http.dataplane.listed import listed
from reconciler.emulator.model import FIELDGROUPS, SCHEMAS, Row
from reconciler.emulator.problems import DeclinedError, bad_request, registry
from reconciler.emulator.service import Service

_LIST: Final = re.compile(r"application/vnd\.adobe\.(?:xed|xdm)(?P<form>-id|-v2)?\+json")
_ONE: Final = re.compile(r"application/vnd\.adobe\.(?:xed|xdm)(?P<form>-[a-z-]+)?\+json;\s*version=(?P<version>\d+)")
_PROPERTY: Final = re.compile(r"(?P<name>[\w.:$]+)(?P<sign>==|!=)(?P<value>.*)", re.DOTALL)
_NOT_FOUND: Final = {SCHEMAS: "1010", FIELDGROUPS: "1011"}
_SUMMARY: Final = ("$id", "meta:altId", "version", "title")
_MOST: Final = 300


def registry_routes(service: Service) -> list[Route]:
    """The endpoints below the registry's path."""
    routes = [route("/stats", {"GET": partial(_stats, service)})]
    for kind in (SCHEMAS, FIELDGROUPS):
        here: dict[str, Callable[[Call], Response]] = {
            "GET": partial(_list, service, kind),
            "POST": partial(_create, service, kind),
        }
        one: dict[str, Callable[[Call], Response]] = {
            "GET": partial(_read, service, kind),
            "DELETE": partial(_delete, service, kind),
        }
        routes += [route(f"/tenant/{kind}", here), route(f"/tenant/{kind}/{{id:path}}", one)]
    return routes


def _stats(service: Service, call: Call) -> Response:
    place = call.caller.place
    counts = {kind: len(service.store.rows(kind, place)) for kind in (SCHEMAS, FIELDGROUPS)}
    return json_response({"imsOrg": place.org, "tenantId": tenant_of(place), "counts": counts})


def _create(service: Service, kind: str, call: Call) -> Response:
    body = json_body(call, kind)
    try:
        row = make(service, kind, call.caller.place, body, call.caller.author)
    except Invalid as error:
        raise registry(error.code, 400, error.title, str(error), call.request_id) from error
    return json_response(shown(service, call.caller.place, row), 201)


def _list(service: Service, kind: str, call: Call) -> Response:
    accepted = _LIST.fullmatch(call.headers.get("accept", "").strip())
    if accepted is None:
        raise _not_acceptable(service, call, "application/vnd.adobe.{xed|xdm}+json")
    limit, start = whole_number(call, "limit", _MOST, 1, _MOST), whole_number(call, "start", 0, 0, 10**9)
    filters = [_filter(text) for text in call.parameters("property")]
    bodies = [shown(service, call.caller.place, row) for row in listed(service, kind, call.caller.place)]
    matching = _ordered(call, [body for body in bodies if all(passes(body) for passes in filters)])
    page, following = matching[start : start + limit], start + limit if len(matching) > start + limit else None
    results = [{name: body[name] for name in _SUMMARY} for body in page] if accepted["form"] == "-id" else page
    orderby = call.parameter("orderby") or "updated"
    kept = "".join(f"&{quote(name)}={quote(value)}" for name, value in call.query if name != "start")
    link = None if following is None else {"href": f"/tenant/{kind}?start={following}{kept}"}
    paging = {"orderby": orderby, "next": None if following is None else str(following), "count": len(page)}
    return json_response({"results": results, "_page": paging, "_links": {"next": link}})


def _ordered(call: Call, bodies: list[Document]) -> list[Document]:
    orderby = call.parameter("orderby") or ""
    name = orderby.lstrip("+- ")
    if not name:
        return bodies
    return sorted(bodies, key=lambda body: str(body.get(name)), reverse=orderby.startswith("-"))


def _filter(text: str) -> Callable[[Document], bool]:
    """What a resource must be to pass one `property`. Raises `DeclinedError` (400)."""
    found = _PROPERTY.fullmatch(text)
    if found is None:
        raise bad_request(f"The parameter property={text[:100]} is not valid")
    name, sign, wanted = found.groups()

    def passes(body: Document) -> bool:
        value: Any = body[name] if name in body else value_at(body, *name.split("."))
        return (str(value) == wanted) == (sign == "==")

    return passes


def _read(service: Service, kind: str, call: Call) -> Response:
    accepted = _ONE.fullmatch(call.headers.get("accept", "").strip())
    if accepted is None:
        raise _not_acceptable(service, call, "application/vnd.adobe.{xed|xdm}+json;version={major version}")
    row = _existing(service, kind, call)
    full = (accepted["form"] or "").startswith("-full")
    return json_response(shown(service, call.caller.place, row, full=full), headers={"ETag": row.etag})


def _delete(service: Service, kind: str, call: Call) -> Response:
    row = _existing(service, kind, call)
    uri, place = str(decode(row.body)["$id"]), call.caller.place
    if is_in_a_union(row):
        message = f"The resource {uri} participates in a union and cannot be deleted."
        raise registry("1535", 400, "Delete not allowed", message, call.request_id)
    user = used_by(service, kind, place, uri) if service.behaviour.delete_in_use == "refuse" else None
    if user is not None:
        message = f"The resource {uri} is in use by {user} and cannot be deleted."
        raise registry("1536", 400, "Resource in use", message, call.request_id)
    if not service.delete(kind, place, row.id):
        raise _not_found(kind, call)
    return Response(status_code=204)


def _existing(service: Service, kind: str, call: Call) -> Row:
    row = find(service, kind, call.caller.place, call.path["id"])
    if row is None:
        raise _not_found(kind, call)
    return row


def _not_found(kind: str, call: Call) -> DeclinedError:
    message = f"The requested {kind} resource {call.path['id']} with version 1 is not found."
    return registry(_NOT_FOUND[kind], 404, "Resource not found", message, call.request_id)


def _not_acceptable(service: Service, call: Call, form: str) -> DeclinedError:
    given = call.headers.get("accept", "")
    message = f"The supplied Accept header is not valid: {given} - A valid Accept value should look like {form}"
    return registry("1006", service.behaviour.bad_accept, "Accept header invalid", message, call.request_id)
