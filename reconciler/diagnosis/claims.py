"""The claims of an access token, read as hints: a token is opaque to a client, so they are never verified, trusted or shown.

Adobe's tokens are JWTs whose claims have times in milliseconds, as text. A token of another form has no claims.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.flowservice.specs import milliseconds

_PARTS: Final = 3
_LONGEST: Final = 65_536
_SERVICE_ACCOUNT: Final = "@techacct.adobe.com"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token seems to say about itself; None where it does not say. `expires` is in seconds since the epoch."""

    expires: float | None = None
    scopes: frozenset[str] | None = None
    client: str | None = None
    is_service: bool | None = None
    """Whether it was issued to a technical account, and not to a person."""


def claims_of(token: str) -> Claims | None:
    """The claims of a token; None if it is no JWT."""
    parts = token.split(".")
    if len(parts) != _PARTS or len(parts[1]) > _LONGEST:
        return None
    try:
        content = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        found = decode(content)
    except (binascii.Error, ValueError, NotJson):
        return None
    if not isinstance(found, dict):
        return None
    scope, client, user = (_text(found.get(name)) for name in ("scope", "client_id", "user_id"))
    return Claims(
        expires=_expiry(found),
        scopes=None if scope is None else frozenset(scope.replace(",", " ").split()),
        client=client,
        is_service=None if user is None else user.lower().endswith(_SERVICE_ACCOUNT),
    )


def _expiry(found: dict[str, Json]) -> float | None:
    """The end of the token: `exp`, or `created_at` and `expires_in`, which is in milliseconds."""
    if (end := milliseconds(found.get("exp"))) is not None:
        return end / 1000
    created, lifetime = milliseconds(found.get("created_at")), _number(found.get("expires_in"))
    return None if created is None or lifetime is None else (created + lifetime) / 1000


def _number(value: Json) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len("999999999999"):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else None


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
