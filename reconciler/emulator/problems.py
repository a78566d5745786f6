"""The error bodies of the service, in the four shapes that clients receive.

Codes and messages are those of Adobe's pages "Platform FAQ and troubleshooting guide" (gateway, content type, version) and "Flow Service
error messages" (all Flow Service codes).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TITLES = {
    "1103": "Service Unavailable",
    "1104": "Gateway Timeout",
    "1439": "Resource not found",
    "1102": "Internal Error",
    "2100": "Sandbox not found",
    "2105": "Header is missing",
    "2118": "Forbidden",
}


class DeclinedError(Exception):
    """An error response: its status, JSON body and headers."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def gateway(status: int, code: str, message: str) -> DeclinedError:
    """The shape of Adobe's API gateway."""
    return DeclinedError(status, {"error_code": code, "message": message})


def flow_service(code: str, message: str, *, request_id: str, about: str | None = None, kind: str = "") -> DeclinedError:
    """The service's own shape. `code` is `<number>-<status>`; `about` is the id of the object."""
    number, _, status = code.partition("-")
    report = {"detailed-message": message, "id": about, "request-id": request_id, "type": kind}
    body = {
        "type": f"https://ns.adobe.com/aep/errors/FLOW-{code}",
        "title": _TITLES.get(number, "Invalid request"),
        "status": int(status),
        "report": {name: value for name, value in report.items() if value},
        "errorMessage": message,
    }
    return DeclinedError(int(status), body)


def coded(status: int, code: str, message: str, request_id: str) -> DeclinedError:
    """An error with this code, in its shape: `<number>-<status>` is the service's, anything else the gateway's."""
    if "-" not in code:
        return gateway(status, code, message)
    error = flow_service(code, message, request_id=request_id)
    return DeclinedError(status, {**error.body, "status": status})


def not_permitted(kind: str, request_id: str) -> DeclinedError:
    """403 for a collection: the credential lacks a permission of the sandbox."""
    message = f"The permission to view {kind} is missing. Please contact your administrator to request it and try again."
    return flow_service("2118-403", message, request_id=request_id, kind=kind)


def version_mismatch(supplied: str, current: str) -> DeclinedError:
    """The older shape: one sentence, with the quotes of entity tags escaped."""
    supplied, current = (etag.replace('"', '\\"') for etag in (supplied, current))
    sentence = f"Supplied version=[{supplied}] does not match the current version on entity=[{current}]"
    return DeclinedError(412, {"errorMessage": sentence})


def bad_request(detail: str) -> DeclinedError:
    """The generic shape, for a request that cannot be parsed."""
    return _generic(400, "BadRequestError", detail)


def not_found(detail: str) -> DeclinedError:
    """404 of the services beside Flow Service, in the generic shape."""
    return _generic(404, "NotFoundError", detail)


def registry(code: str, status: int, title: str, message: str, request_id: str) -> DeclinedError:
    """The shape of the schema registry (docs: XDM System troubleshooting guide)."""
    report = {"registryRequestId": request_id, "detailed-message": message, "sub-errors": []}
    kind = f"http://ns.adobe.com/aep/errors/XDM-{code}-{status}"
    return DeclinedError(status, {"type": kind, "title": title, "status": status, "report": report, "detail": message})


def method_not_allowed(method: str, allowed: list[str]) -> DeclinedError:
    """405, for example for DELETE or PATCH of a spec. `Allow` lists the supported methods."""
    allow = {"Allow": ", ".join(sorted(allowed))}
    return _generic(405, "MethodNotAllowedError", f"{method} is not supported here", allow)


def _generic(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> DeclinedError:
    return DeclinedError(status, {"type": "/placeholder/type/uri", "status": status, "title": title, "detail": detail}, headers)


def no_such_path(path: str) -> DeclinedError:
    """404 for a path without a service."""
    return gateway(404, "404000", f"No resource at {path}")


def object_not_found(kind: str, object_id: str, request_id: str) -> DeclinedError:
    """404 for one object; also returned if an access label hides it."""
    message = f"The requested {kind} resource {object_id} is not found. Verify the resource ID before trying again."
    return flow_service("1439-404", message, request_id=request_id, about=object_id, kind=kind)
