"""The requests to an inlet: a valid one for each event, and one for each test of the authentication.

Source: docs, "Authentication for streaming sources": the header `x-hmac-sha256` has an HMAC-SHA256 over the exact bytes of the body, and
each case of the table is sent. Nothing that is shown has a signature, a secret or a token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from reconciler.documents.json_text import Document, encode
from reconciler.proofs.streaming.authentication import CASES, GIVEN
from reconciler.proofs.streaming.events import Event
from reconciler.proofs.values import Encoding, Mechanism
from reconciler.secret import Secret

FLOW_HEADER: Final = "x-adobe-flow-id"
SIGNATURE: Final = "x-hmac-sha256"
AUTHORIZATION: Final = "Authorization"
_REDACTED: Final = {SIGNATURE: "{SIGNATURE}", AUTHORIZATION: "Bearer {ACCESS_TOKEN}"}
_NO_SIGNATURE: Final = "not-a-signature"
_OTHER_SECRET: Final = Secret("a secret that nobody has agreed on")
_NO_TOKEN: Final = "not-a-token"  # noqa: S105 - no credential

Wanted: TypeAlias = Literal["accepted", "refused", "either"]
"""What the inlet should do with a case. After a rotation, either may be right for a time."""
_WANTED: Final[Mapping[str, Wanted]] = {"valid": "accepted", "rotated": "accepted", "previous-secret": "either"}


@dataclass(frozen=True, slots=True)
class Authentication:
    """How events are authenticated. `tests` are the secrets or tokens of single cases."""

    mechanism: Mechanism
    encoding: Encoding = "base64"
    secret: Secret | None = None
    """The secret of HMAC, or the access token of OAuth."""
    tests: Mapping[str, Secret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """One request: `shown` are its headers without signature and token."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    @property
    def shown(self) -> dict[str, str]:
        """The headers, redacted."""
        return {name: _REDACTED.get(name, value) for name, value in self.headers.items()}


@dataclass(frozen=True, slots=True)
class Case:
    """One test of the authentication. `request` is None for a case that cannot be sent from here."""

    name: str
    wanted: Wanted
    request: Signed | None = field(repr=False)


def signature(body: bytes, secret: Secret, encoding: Encoding) -> str:
    """The value of the header for these bytes."""
    digest = hmac.new(secret.reveal().encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode() if encoding == "base64" else digest.hex()


def plain_headers(flow: str, sandbox: str) -> dict[str, str]:
    """The headers that every event has."""
    return {"Content-Type": "application/json", FLOW_HEADER: flow, "x-sandbox-name": sandbox}


def signed(auth: Authentication, plain: Mapping[str, str], body: bytes, encoding: Encoding | None = None) -> Signed:
    """A valid request; with `encoding`, its signature is written like that."""
    headers = dict(plain)
    if auth.mechanism == "hmac" and auth.secret is not None:
        headers[SIGNATURE] = signature(body, auth.secret, encoding or auth.encoding)
    if auth.mechanism == "oauth" and auth.secret is not None:
        headers[AUTHORIZATION] = f"Bearer {auth.secret.reveal()}"
    return Signed(body, headers)


def cases(auth: Authentication, plain: Mapping[str, str], event: Event) -> Iterator[Case]:
    """All cases of the mechanism, in the order of the table."""
    for name in CASES.get(auth.mechanism, {}):
        yield Case(name, _WANTED.get(name, "refused"), _request(auth, name, plain, event))


def _request(auth: Authentication, name: str, plain: Mapping[str, str], event: Event) -> Signed | None:
    body, header = event.data, SIGNATURE if auth.mechanism == "hmac" else AUTHORIZATION
    if name == "valid":
        return signed(auth, plain, body)
    if name == "missing":
        return Signed(body, dict(plain))
    if name == "invalid":
        return Signed(body, {**plain, header: _NO_SIGNATURE if auth.mechanism == "hmac" else f"Bearer {_NO_TOKEN}"})
    if name == "wrong-secret":
        return Signed(body, {**plain, header: signature(body, _OTHER_SECRET, auth.encoding)})
    if name == "modified":
        return Signed(encode(_modified(event.value)), signed(auth, plain, body).headers)
    given = auth.tests.get(name) if name in GIVEN.get(auth.mechanism, ()) else None
    if given is None:
        return None
    return signed(Authentication(auth.mechanism, auth.encoding, given), plain, body)


def _modified(event: Document) -> Document:
    """The event with another value in its first field, as somebody on the way could write it."""
    name, value = next(iter(event.items()))
    other = f"{value}x" if isinstance(value, str) else (value + 1) if _is_number(value) else not value
    return {**event, name: other}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
