"""What the targets of one run share.

Targets with the same credentials at the same host, token endpoint and organization share connections and tokens. Targets with the same
client id there, but another secret, access token or scopes, share only the limits that the host sets to a client: calls at once and pauses.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Self

import msgspec

from reconciler.flowservice.credentials import TokenSource
from reconciler.http.clock import Clock
from reconciler.http.pause import Pace
from reconciler.http.transport import Transport, Wire
from reconciler.settings.values import Credentials, Target


class SharedClient(msgspec.Struct, frozen=True):
    """One client at one host and organization, with one secret or access token. Its transport outlives the sessions that use it."""

    transport: Transport
    pace: Pace
    tokens: TokenSource


class SharedClients:
    """The clients of all targets of a run. Thread-safe. Close it after the last session. `wire` replaces the network."""

    def __init__(self, clock: Clock, wire: Wire | None = None) -> None:
        self.clock, self.wire = clock, wire
        self._lock = threading.RLock()
        self._clients: dict[tuple[object, ...], SharedClient] = {}
        self._paces: dict[tuple[str, ...], Pace] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for client in self._clients.values():
            client.transport.close()

    def of(self, target: Target, credentials: Credentials, make: Callable[[], SharedClient]) -> SharedClient:
        """The client of this target, made when its first session opens."""
        name = (target.base_url, target.token_url, target.org_id, target.scopes, credentials)
        with self._lock:
            if name not in self._clients:
                self._clients[name] = make()
            return self._clients[name]

    def pace(self, target: Target, credentials: Credentials, at_once: int) -> Pace:
        """The pace of this client id there; the first target decides how many calls run at once."""
        with self._lock:
            return self._paces.setdefault((target.base_url, target.org_id, credentials.api_key), Pace(at_once))
