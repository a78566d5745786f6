"""An inlet of its own, for the product of a partner: what is right and wrong with each request, without a flow or a dataset.

Source: docs, "Authentication for streaming sources": the cases that a partner has to show, here rows of a table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias

from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.emulator.dataplane.inlets.admitting import AUTHORIZATION, Admission, admission
from reconciler.emulator.dataplane.registry.fitting import Violation, violations_of
from reconciler.emulator.service import Service

OPEN_INLET: Final = hashlib.sha256(b"inlet of nobody").hexdigest()
"""The id of the inlet that belongs to no flow."""
MAX_BYTES: Final = 1024 * 1024
"""The largest request that an inlet accepts."""
ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "hmac": (
        "valid signature",
        "missing signature",
        "invalid signature",
        "wrong secret, removed secret or modified body",
        "previous secret",
    ),
    "oauth": ("valid token", "missing token", "expired or invalid token", "insufficient scopes", "rotated token"),
}
"""The rows of the authentication table, by mechanism. Cases that look the same from here share a row."""
_ROW_OF_SIGNATURE: Final = {
    "valid": "valid signature",
    "previous-secret": "previous secret",
    "missing": "missing signature",
    "malformed": "invalid signature",
    "other-encoding": "invalid signature",
    "other-bytes": "invalid signature",
    "invalid": "wrong secret, removed secret or modified body",
}
_ROW_OF_TOKEN: Final = {
    "valid": "valid token",
    "missing": "missing token",
    "malformed": "expired or invalid token",
    "invalid": "expired or invalid token",
    "insufficient-scopes": "insufficient scopes",
}


@dataclass(frozen=True, slots=True)
class Watched:
    """One request to the inlet. `row` is that of the authentication table; None if it fills none.

    `size` is in bytes; `digest` is the SHA-256 of the body in hexadecimal digits, and `ending` its last bytes, escaped.
    """

    status: int
    size: int
    digest: str
    ending: str
    admission: Admission
    row: str | None
    events: int = 0
    not_json: str | None = None
    violations: tuple[Violation, ...] = ()

    @property
    def why(self) -> str:
        """Why the request was declined, for its answer."""
        if self.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return f"The request is larger than {MAX_BYTES} bytes"
        return self.not_json or self.admission.why


Report: TypeAlias = Callable[[Watched], None]


class InletWatch:
    """Judges the requests to the inlet. `schema` is the JSON Schema of an event; None accepts any. `report` gets each request."""

    def __init__(self, service: Service, schema: Mapping[str, Json] | None, report: Report) -> None:
        self._service = service
        self._schema = schema
        self._report = report
        self._tokens: set[str] = set()

    def __call__(self, headers: Mapping[str, str], body: bytes, *, is_batch: bool = False) -> Watched:
        """Judge one request, and report it."""
        watched = self._judged(headers, body, is_batch=is_batch)
        self._report(watched)
        return watched

    def _judged(self, headers: Mapping[str, str], body: bytes, *, is_batch: bool) -> Watched:
        admitted = admission(self._service, headers, body)
        row = self._row(admitted, headers)
        digest, ending = hashlib.sha256(body).hexdigest(), repr(body[-2:])[2:-1]

        def watched(status: int, events: int = 0, not_json: str | None = None, found: tuple[Violation, ...] = ()) -> Watched:
            return Watched(status, len(body), digest, ending, admitted, row, events, not_json, found)

        if len(body) > MAX_BYTES:
            return watched(413)
        if not admitted.admitted:
            return watched(401)
        try:
            events = _events(decode(body), is_batch=is_batch)
        except NotJson as error:
            return watched(400, not_json=str(error))
        found = tuple(one for number, event in enumerate(events, 1) for one in self._violations(event, number, len(events)))
        return watched(207 if is_batch else 200, len(events), found=found)

    def _violations(self, event: Json, number: int, of: int) -> tuple[Violation, ...]:
        name = "event" if of == 1 else f"event {number}"
        if not isinstance(event, dict):
            return (Violation(name, "must be a JSON object"),)
        return violations_of(self._schema, event, name) if self._schema is not None else ()

    def _row(self, admitted: Admission, headers: Mapping[str, str]) -> str | None:
        if admitted.signature is not None:
            return _ROW_OF_SIGNATURE.get(admitted.signature.verdict)
        if admitted.token is None:
            return None
        if not admitted.token.holds:
            return _ROW_OF_TOKEN[admitted.token.verdict]
        token = hashlib.sha256(headers.get(AUTHORIZATION, "").encode("utf-8", "replace")).hexdigest()
        is_rotated = bool(self._tokens - {token})
        self._tokens.add(token)
        return "rotated token" if is_rotated else "valid token"


def _events(body: Json, *, is_batch: bool) -> list[Json]:
    """The events of a request. Raises NotJson for a list in another form."""
    if not is_batch:
        return [body]
    messages = body.get("messages") if isinstance(body, dict) else None
    if not isinstance(messages, list):
        raise NotJson("the field messages must be a list of events")
    return messages
