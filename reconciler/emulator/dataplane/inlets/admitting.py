"""Whether an event may come in: its signature or its access token, by the switches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.emulator.dataplane.inlets.signing import HEADER, Signature, check
from reconciler.emulator.service import Service

AUTHORIZATION: Final = "authorization"

Mechanism: TypeAlias = Literal["hmac", "oauth", "none"]
TokenVerdict: TypeAlias = Literal["valid", "missing", "malformed", "invalid", "insufficient-scopes"]


@dataclass(frozen=True, slots=True)
class Token:
    """What the access token of an event is worth, and why. An expired token cannot be told from one that was never issued."""

    verdict: TokenVerdict
    why: str

    @property
    def holds(self) -> bool:
        """Whether the event is accepted."""
        return self.verdict == "valid"


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether an event may come in, by which mechanism, and why."""

    mechanism: Mechanism
    admitted: bool
    why: str
    signature: Signature | None = None
    token: Token | None = None


def admission(service: Service, headers: Mapping[str, str], body: bytes) -> Admission:
    """Check an event. Where either mechanism will do, the one that the event uses is checked; without any, the one with secrets."""
    wanted = service.behaviour.inlet_auth
    if wanted == "either":
        has_secrets = bool(service.behaviour.inlet_secrets)
        wanted = "hmac" if HEADER in headers or (has_secrets and AUTHORIZATION not in headers) else "oauth"
    if wanted == "none":
        return Admission("none", admitted=True, why="no authentication is required")
    if wanted == "hmac":
        behaviour = service.behaviour
        signature = check(body, headers.get(HEADER), behaviour.inlet_secrets, behaviour.hmac_encoding)
        return Admission("hmac", signature.holds, signature.why, signature=signature)
    token = _token(service, headers.get(AUTHORIZATION, ""))
    return Admission("oauth", token.holds, token.why, token=token)


def _token(service: Service, authorization: str) -> Token:
    scheme, _, text = authorization.strip().partition(" ")
    token = text.strip()
    if not authorization.strip():
        return Token("missing", "Ims service token is empty")
    if scheme.lower() != "bearer" or not token:
        return Token("malformed", "the header Authorization must be Bearer and an access token")
    if service.author(token, "") is None:
        return Token("invalid", "the access token is not valid: it has expired, was revoked, or was never issued")
    needed = set(service.behaviour.inlet_scopes)
    missing = sorted(needed - service.scopes.get(token, frozenset(needed)))
    if missing:
        return Token("insufficient-scopes", f"the access token lacks scopes: {', '.join(missing)}")
    return Token("valid", "the access token is valid")
