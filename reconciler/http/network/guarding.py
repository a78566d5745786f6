"""Guards: what decides, at the last moment, whether a connection to an address may be made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class AddressRefused(Exception):
    """A guard refused a connection, so nothing was sent. `host` is the name in the URL."""

    def __init__(self, host: str, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.host = host
        self.reason = reason
        self.hint = hint


class Guard(Protocol):
    """Decides about connections. Both methods raise AddressRefused."""

    def check(self, scheme: str, host: str, address: str) -> None:
        """Called with each address of a host just before the connection to this very address is made."""
        ...

    def check_proxied(self, scheme: str, host: str, addresses: Sequence[str] | None) -> None:
        """Called once for each host behind a proxy, which makes its own look-up. `addresses` are those found here, or None."""
        ...
