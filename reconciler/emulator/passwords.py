"""The passwords of base connections: kept apart from what answers show, because the service needs them and nobody else does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

import msgspec

_KEPT = "secretParams"
_MASK = "********"


def apart(body: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The body of a base connection as it is stored: its `auth.params` of these names are kept apart."""
    auth, params = _auth_of(body)
    secrets = {name: value for name, value in params.items() if name in names}
    others = {name: value for name, value in params.items() if name not in names}
    return {**body, "auth": {**auth, "params": others}, _KEPT: secrets} if secrets else dict(body)


def together(body: Mapping[str, Any]) -> dict[str, Any]:
    """All `auth.params` of a stored base connection."""
    return {**_auth_of(body)[1], **(body.get(_KEPT) or {})}


def whole(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a stored base connection as it was sent."""
    others = {name: value for name, value in body.items() if name != _KEPT}
    return {**others, "auth": {**_auth_of(body)[0], "params": together(body)}} if _KEPT in body else others


def shown(body_json: bytes, how: Literal["masked", "absent", "returned"]) -> bytes:
    """The JSON of a base connection as answers have it."""
    if b'"secretParams"' not in body_json:
        return body_json
    body = msgspec.json.decode(body_json, type=dict[str, Any])
    secrets = body.get(_KEPT)
    if not isinstance(secrets, dict):
        return body_json
    if how == "returned":
        return msgspec.json.encode(whole(body))
    masks = dict.fromkeys(secrets, _MASK) if how == "masked" else {}
    return msgspec.json.encode(whole({**body, _KEPT: masks}))


def _auth_of(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    auth = body.get("auth")
    entry = auth if isinstance(auth, dict) else {}
    params = entry.get("params")
    return entry, params if isinstance(params, dict) else {}
