"""The next step for known errors, one table line each.

Sources: Flow Service error codes (docs: Sources, "Flow Service error messages"), and those of the gateway (docs: Platform troubleshooting
guide).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

SANDBOX_CODES: Final = frozenset({2100, 2101, 2102, 2103, 2104, 2105})
"""Codes about the sandbox: a 404 with one of them says nothing about a spec."""
NOT_FOUND_CODES: Final = frozenset({1101, 1439})
"""Codes that mean that a resource does not exist."""
TOKEN_MISSING_CODE: Final = 403010
"""The gateway's "Oauth token is missing": a 403 that a new token may fix."""

CHECK_BASE_URL: Final = "check that base_url points to Flow Service, not to something in front of it"
"""For a response that Flow Service does not give."""

_LOGIN: Final = (
    "the access token is not valid: get a new one, or check in the Developer Console that the credential is still active"
)
_API_KEY: Final = "check RECONCILER_CLIENT_ID (or RECONCILER_API_KEY): its project must have the Experience Platform API"
_ORGANIZATION: Final = "check org_id of the target: the credential and its profile must belong to that organization"
_SANDBOX: Final = "check sandbox of the target: it must be the lower-case name of a sandbox that this credential may use"
_PERMISSION: Final = "request permission to view and manage sources in this sandbox, and the access labels of the spec"
_OTHER_PERMISSIONS: Final[Mapping[str, str]] = {
    "schemaregistry": "request permission to view and manage schemas in this sandbox",
    "catalog": "request permission to view and manage datasets in this sandbox",
    "export": "request permission to view datasets in this sandbox",
    "conversion": "request permission to view and manage sources in this sandbox",
}
_TOO_MUCH: Final = "too many requests: run again later, or lower network.concurrency"
_CODES: Final[Mapping[int, str]] = {
    1100: "the organization is not entitled to this: ask Adobe whether its contract includes self-serve sources",
    1403: "the service requires If-Match, but the spec has no etag: report it to Adobe",
    1413: "the service does not accept this id: check it in `ids:` of the spec file or in `--id`",
    1426: "this credential may not write connection specs: use the service credential that Adobe enabled, not a user's token",
    2000: _ORGANIZATION,
    2001: _ORGANIZATION,
    2002: _ORGANIZATION,
    2118: _PERMISSION,
    2120: _PERMISSION,
    2121: _PERMISSION,
    400003: _ORGANIZATION,
    401013: _LOGIN,
    403000: _API_KEY,
    403003: _API_KEY,
    403010: _LOGIN,
    403025: _ORGANIZATION,
    403027: _ORGANIZATION,
    429050: _TOO_MUCH,
} | dict.fromkeys(SANDBOX_CODES, _SANDBOX)

_STATUSES: Final[Mapping[int, str]] = {
    401: _LOGIN,
    403: _PERMISSION,
    404: "check base_url of the target: this response is not from a spec endpoint of Flow Service",
    412: "somebody else wrote at the same time: plan again",
    422: "a required field is missing from the body: run `reconciler validate`, or compare it with a published body",
    429: _TOO_MUCH,
}
_SERVICE_TROUBLE: Final = "the service failed: run again later; if it fails again, report it to Adobe with the request id"
_NOT_TAKEN: Final = "the service rejected this: fix what its message names, or report it to Adobe with the request id"
NOT_VISIBLE: Final = "it may be hidden by an access label or be in another sandbox: check both before you assume it is gone"


def hint_for(status: int, number: int | None, service: str = "flowservice") -> str:
    """The next step for an error of a service with this code (its number alone), or else with this HTTP status."""
    hint = _CODES.get(number or 0) or _STATUSES.get(status)
    if hint == _PERMISSION:
        hint = _OTHER_PERMISSIONS.get(service, hint)
    return hint or (_SERVICE_TROUBLE if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _NOT_TAKEN)
