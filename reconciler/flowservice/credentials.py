"""Access tokens: fetched once for all workers, renewed before they expire and when the service rejects them.

A token is a Secret from when it is read until it becomes a header, so no repr, log line or message shows it.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec

from reconciler.documents.json_text import Json
from reconciler.errors import ServiceError, ServiceUnreachable
from reconciler.http.clock import Clock
from reconciler.secret import Secret

_EARLY_SHARE: Final = 0.1
_EARLY_SECONDS: Final = 300.0
_LONGEST_LIFETIME: Final = 7 * 24 * 3600.0
_UNKNOWN_LIFETIME: Final = 3600.0


class Grant(msgspec.Struct, frozen=True):
    """A token and its lifetime in seconds, counted from its request."""

    token: Secret
    lifetime: float


class FixedToken(msgspec.Struct, frozen=True):
    """A given token, which cannot be renewed."""

    token: Secret

    def current(self, deadline: float) -> Secret:  # noqa: ARG002 - there is nothing to wait for
        return self.token

    def refuse(self, token: Secret) -> bool:  # noqa: ARG002 - there is no other token
        return False


class _Held(msgspec.Struct, frozen=True):
    token: Secret
    renew_at: float


class RenewedToken:
    """A token that is fetched on first use, shortly before it expires, and after the service rejected it.

    One thread fetches while the others wait; if that fetch fails, it fails for all of them. `asked` is the request for errors.
    """

    def __init__(self, fetch: Callable[[float], Grant], clock: Clock, asked: str) -> None:
        self._fetch = fetch
        self._asked = asked
        self._clock = clock
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._fetches = 0
        self._failure: ServiceError | None = None

    def current(self, deadline: float) -> Secret:
        """A valid token, fetched by `deadline` (monotonic) if necessary. Raises ServiceError."""
        held = self._holding()
        return held.token if held else self._fetched(self._fetches, deadline)

    def refuse(self, token: Secret) -> bool:
        """Record that the service rejected this token. Returns whether another request would give a different one."""
        with self._lock:
            if self._held is not None and self._held.token is token:
                self._held = None
        return True

    def _holding(self) -> _Held | None:
        held = self._held
        return held if held and self._clock.monotonic() < held.renew_at else None

    def _fetched(self, fetches_before: int, deadline: float) -> Secret:
        if not self._lock.acquire(timeout=max(deadline - self._clock.monotonic(), 0.0)):
            raise ServiceUnreachable(
                f"{self._asked}: no access token was received before the deadline",
                hint="check the network and token_url, and run again",
            )
        try:
            held = self._holding()
            if held:
                return held.token
            if self._fetches != fetches_before and self._failure is not None:
                raise copy.copy(self._failure)
            return self._fetch_now(deadline)
        finally:
            self._lock.release()

    def _fetch_now(self, deadline: float) -> Secret:
        began = self._clock.monotonic()
        self._failure = None
        try:
            grant = self._fetch(deadline)
        except ServiceError as error:
            self._failure = copy.copy(error)
            raise
        finally:
            self._fetches += 1
        early = min(grant.lifetime * _EARLY_SHARE, _EARLY_SECONDS)
        self._held = _Held(grant.token, began + grant.lifetime - early)
        return grant.token


TokenSource: TypeAlias = FixedToken | RenewedToken
"""A source of tokens for requests."""


def lifetime_of(expires_in: Json) -> float:
    """The lifetime of a token in seconds, from its `expires_in`.

    Adobe's pages give seconds, and in one place milliseconds under the same name, so a value of more than seven days is read as
    milliseconds. Without a usable number an hour is assumed; a token that expires sooner is renewed when it is rejected.
    """
    if isinstance(expires_in, bool) or not isinstance(expires_in, int | float | str):
        return _UNKNOWN_LIFETIME
    try:
        seconds = float(expires_in)
    except (ValueError, OverflowError):
        return _UNKNOWN_LIFETIME
    if seconds > _LONGEST_LIFETIME:
        seconds /= 1000
    return seconds if 0 < seconds <= _LONGEST_LIFETIME else _UNKNOWN_LIFETIME
