"""The next step for the errors that we know: a new one is a line in a table.

Sources: Flow Service error codes (docs: Sources, "Flow Service error messages"), and of the gateway before it (docs: Platform
troubleshooting guide).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

SANDBOX_CODES: Final = frozenset({2100, 2101, 2102, 2103, 2104, 2105})
"""Codes that speak of the sandbox: a 404 with one of them says nothing about a spec."""
NOT_FOUND_CODES: Final = frozenset({1101, 1439})
"""Codes that say that a resource is not there."""
TOKEN_MISSING_CODE: Final = 403010
"""The gateway's "Oauth token is missing": a 403 that a new token may mend."""

_LOGIN: Final = (
    "the access token does not hold: fetch a new one, or check that the credential is still active in the Developer Console"
)
_API_KEY: Final = "check RECONCILER_CLIENT_ID (or RECONCILER_API_KEY): its project must have the Experience Platform API"
_ORGANISATION: Final = (
    "check org_id of the target: the credential must belong to that organisation, and its profile be valid there"
)
_SANDBOX: Final = "check sandbox of the target: its name in lower case, one that exists and that this credential may use"
_PERMISSION: Final = "ask for the permissions to view and manage sources in this sandbox, and for the access labels of the spec"
_TOO_MUCH: Final = "the service is asked too much: run again later, or lower network.concurrency"
_CODES: Final[Mapping[int, str]] = {
    1100: "the organisation is not entitled to this: ask Adobe whether its contract covers self-serve sources",
    1403: "this service wants If-Match and the spec shows no etag: report it to Adobe",
    1413: "the service does not accept this id: check it where it was written, in `ids:` of a spec file or with `--id`",
    1426: "this credential may not write connection specs: use the service credential that Adobe has allowed to, and not a user's token",
    2000: _ORGANISATION,
    2001: _ORGANISATION,
    2002: _ORGANISATION,
    2118: _PERMISSION,
    2120: _PERMISSION,
    2121: _PERMISSION,
    400003: _ORGANISATION,
    401013: _LOGIN,
    403000: _API_KEY,
    403003: _API_KEY,
    403010: _LOGIN,
    403025: _ORGANISATION,
    403027: _ORGANISATION,
    429050: _TOO_MUCH,
} | dict.fromkeys(SANDBOX_CODES, _SANDBOX)

_STATUSES: Final[Mapping[int, str]] = {
    401: _LOGIN,
    403: _PERMISSION,
    404: "check base_url of the target: this answer does not come from a spec endpoint of Flow Service",
    412: "somebody else wrote at the same time: plan again",
    422: "a required field is missing from the body: compare it with a published one (`reconciler validate` names what it knows)",
    429: _TOO_MUCH,
}
_SERVICE_TROUBLE: Final = (
    "the service has trouble of its own: run again later, and report it to Adobe with the request id if it stays"
)
_NOT_TAKEN: Final = "the service did not take this: correct what its words point to, or report it to Adobe with the request id"
NOT_VISIBLE: Final = "it may also be hidden by an access label, or be in another sandbox: check both before you take it for gone"


def hint_for(status: int, number: int | None) -> str:
    """The next step for an error with this code (its number alone), or else with this HTTP status."""
    hint = _CODES.get(number or 0) or _STATUSES.get(status)
    return hint or (_SERVICE_TROUBLE if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _NOT_TAKEN)
