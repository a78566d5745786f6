"""The error bodies of the service, in the four shapes in which they reach a client.

Codes and sentences are those of Adobe's pages "Platform FAQ and troubleshooting guide" (gateway, content type, version) and
"Flow Service error messages" (everything with a Flow Service code).
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
    """An answer that is an error: its status, its JSON body and the headers that go with it."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def gateway(status: int, code: str, message: str) -> DeclinedError:
    """The shape of Adobe's API gateway, which stands before the service."""
    return DeclinedError(status, {"error_code": code, "message": message})


def flow_service(code: str, message: str, *, request_id: str, about: str | None = None, kind: str = "") -> DeclinedError:
    """The service's own shape. `code` is `<number>-<status>`; `about` is the id that the error is about."""
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
    """An answer with this code, in the shape that it belongs to: `<number>-<status>` is the service's, anything else the gateway's."""
    if "-" not in code:
        return gateway(status, code, message)
    error = flow_service(code, message, request_id=request_id)
    return DeclinedError(status, {**error.body, "status": status})


def not_permitted(kind: str, request_id: str) -> DeclinedError:
    """403 for a whole collection: the credential lacks a permission of the sandbox."""
    message = f"The permission to view {kind} is missing. Please contact your administrator to request it and try again."
    return flow_service("2118-403", message, request_id=request_id, kind=kind)


def version_mismatch(supplied: str, current: str) -> DeclinedError:
    """The older shape: one sentence, with the entity tags' quotes escaped in it."""
    supplied, current = (etag.replace('"', '\\"') for etag in (supplied, current))
    sentence = f"Supplied version=[{supplied}] does not match the current version on entity=[{current}]"
    return DeclinedError(412, {"errorMessage": sentence})


def bad_request(detail: str) -> DeclinedError:
    """The generic shape, for a request that is not understood at all."""
    return _generic(400, "BadRequestError", detail)


def method_not_allowed(method: str, allowed: list[str]) -> DeclinedError:
    """No DELETE and no PATCH of specs: the answer names what there is, in `Allow`."""
    allow = {"Allow": ", ".join(sorted(allowed))}
    return _generic(405, "MethodNotAllowedError", f"{method} is not supported here", allow)


def _generic(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> DeclinedError:
    return DeclinedError(status, {"type": "/placeholder/type/uri", "status": status, "title": title, "detail": detail}, headers)


def no_such_path(path: str) -> DeclinedError:
    """A path that the gateway has no service for."""
    return gateway(404, "404000", f"No resource at {path}")


def object_not_found(kind: str, object_id: str, request_id: str) -> DeclinedError:
    """404 for one object; the service says the same where an access label hides it."""
    message = f"The requested {kind} resource {object_id} is not found. Verify the resource ID before trying again."
    return flow_service("1439-404", message, request_id=request_id, about=object_id, kind=kind)
