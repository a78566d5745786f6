"""What is asked of Flow Service, as values: a call, and what the answer to a write says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from reconciler.http.messages import Method

LANDS_WITHIN: Final = 60.0
"""Seconds in which a write may still be done after it was sent, whether or not anybody waits for its answer: the gateway before Flow
Service gives a request that long (docs: Analytics 2.0 FAQ). Whoever looks for what became of a lost answer has to look after that."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an endpoint, whatever the number of its tries.

    `path` is below the base URL, begins with a slash, and is percent-encoded, as is `query`. `one_spec` says that the path is one spec's
    own, so that a 404 may mean that this spec is not there.
    """

    method: Method
    path: str
    query: str = ""
    body: bytes | None = field(default=None, repr=False)
    if_match: str | None = None
    one_spec: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a write that was done: the id of the spec, the HTTP status, and the id of the request that did it.

    `updated_at` is the time of this change (milliseconds since the epoch), where the answer tells it: a later one is somebody else's.
    """

    spec_id: str
    status: int
    request_id: str
    updated_at: int | None = None
