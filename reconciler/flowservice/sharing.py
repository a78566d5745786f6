"""What the targets of one run share: connections, calls at once, pauses and tokens of one client at one host and organization."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from reconciler.flowservice.credentials import TokenSource
from reconciler.http.clock import Clock
from reconciler.http.pause import Pace
from reconciler.http.transport import Transport, Wire
from reconciler.settings.values import Credentials, Target


@dataclass(frozen=True, slots=True)
class SharedClient:
    """One client at one host and organization. Its transport outlives the sessions that use it."""

    transport: Transport
    pace: Pace
    tokens: TokenSource


class SharedClients:
    """The clients of all targets of a run. Thread-safe. Close it after the last session. `wire` replaces the network."""

    def __init__(self, clock: Clock, wire: Wire | None = None) -> None:
        self.clock, self.wire = clock, wire
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, ...], SharedClient] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for client in self._clients.values():
            client.transport.close()

    def of(self, target: Target, credentials: Credentials, make: Callable[[], SharedClient]) -> SharedClient:
        """The client of this target, made when its first session opens."""
        name = (target.base_url, target.token_url, target.org_id, credentials.api_key, " ".join(target.scopes))
        with self._lock:
            if name not in self._clients:
                self._clients[name] = make()
            return self._clients[name]
