"""Calls of Flow Service and receipts of writes, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import msgspec

from reconciler.http.messages import Method

LANDS_WITHIN: Final = 60.0
"""Seconds after which a write that was sent can no longer take effect: the gateway's request timeout (docs: Analytics 2.0 FAQ).

The outcome of a write without a response is certain only after this time.
"""

Service: TypeAlias = Literal[
    "flowservice", "schemaregistry", "catalog", "conversion", "export", "sandbox-management", "access-control"
]
"""The services of Experience Platform that are called. Each is at `/data/foundation/<service>` of the platform (docs: API guides)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an endpoint, independent of its retries.

    `path` is relative to the base URL of `service`, begins with a slash, and is percent-encoded, as is `query`. `one_spec` means that the
    path is the path of one spec, so a 404 may mean that this spec does not exist. `accept` is the media type asked for.
    """

    method: Method
    path: str
    query: str = ""
    body: bytes | None = field(default=None, repr=False)
    if_match: str | None = None
    one_spec: bool = False
    service: Service = "flowservice"
    accept: str = "application/json"

    def __str__(self) -> str:
        return f"{self.method} {self.path}" if self.service == "flowservice" else f"{self.method} /{self.service}{self.path}"


class Receipt(msgspec.Struct, frozen=True):
    """The response to a completed write: the id of the spec, the HTTP status, and the id of the request.

    `updated_at` is the time of this change (milliseconds since the epoch), if the response has it; a later one is from another change.
    """

    spec_id: str
    status: int
    request_id: str
    updated_at: int | None = None
