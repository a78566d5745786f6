"""An internet in memory: names that are looked up, and servers that answer at their addresses and remember what they got."""

from __future__ import annotations

import random
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpcore

from reconciler.secret import Secret
from reconciler.trying.hosts import Ask, hosts_in
from reconciler.trying.live import LiveFetch, LiveOptions
from tests.closing import close_later
from tests.flowservice.simulated import SimulatedClock

PUBLIC = "93.184.216.34"
OTHER = "93.184.216.35"
KEY = "k3y-0f9e8d7c6b5a"
USER = "us3r-4711-anna"


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> bytes:
    """An answer as it is sent."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Internet:
    """`names` has the results of the look-ups of a name, the last one again and again; `answers` those of each address."""

    names: dict[str, list[Sequence[str]]] = field(default_factory=lambda: {"api.example.com": [[PUBLIC]]})
    answers: list[bytes | Exception] = field(default_factory=lambda: [answer()])
    connected: list[str] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)

    def resolve(self, host: str, _port: int) -> Sequence[str]:
        found = self.names.get(host)
        if not found:
            raise socket.gaierror(-2, "no such name")
        return found.pop(0) if len(found) > 1 else found[0]

    def next_answer(self) -> bytes:
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, Exception):
            raise found
        return found

    @property
    def all_received(self) -> str:
        return b"\n".join(self.received).decode("latin-1")


class _Tls:
    def selected_alpn_protocol(self) -> None:
        """None was agreed on."""


class Connection(httpcore.NetworkStream):
    """A connection to a server; TLS is left out."""

    def __init__(self, internet: Internet) -> None:
        self._internet = internet
        self._left = b""
        self._sent = b""
        self._has_tls = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - never waits
        if not self._left:
            self._internet.received.append(self._sent)
            is_tunnel, self._sent = self._sent.startswith(b"CONNECT"), b""
            self._left = b"HTTP/1.1 200 OK\r\n\r\n" if is_tunnel else self._internet.next_answer()
        piece, self._left = self._left[:max_bytes], self._left[max_bytes:]
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - never waits
        self._sent += buffer

    def close(self) -> None:
        """Nothing is open."""

    def start_tls(self, *_: Any, **__: Any) -> Connection:
        self._has_tls = True
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return False
        return _Tls() if info == "ssl_object" and self._has_tls else None


class Sockets(httpcore.NetworkBackend):
    """Connects to any address."""

    def __init__(self, internet: Internet) -> None:
        self._internet = internet

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> Connection:
        self._internet.connected.append(f"{host}:{port}")
        return Connection(self._internet)


def fetching(
    internet: Internet,
    *,
    hosts: str = "api.example.com",
    secrets: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    clock: SimulatedClock | None = None,
    stop: Any = None,
    ask: Ask | None = None,
    **options: Any,
) -> LiveFetch:
    """A fetch with the variables KEY and USER, over this internet."""
    fetch = LiveFetch(
        {name: Secret(value) for name, value in ({"KEY": KEY, "USER": USER} if secrets is None else secrets).items()},
        LiveOptions(hosts=hosts_in({"RECONCILER_PROOF_HOSTS": hosts}), ask=ask, **options),
        clock=clock or SimulatedClock(),
        rng=random.Random(1),  # noqa: S311 - a draw for a wait
        stop=stop,
        environ=environ or {},
        resolve=internet.resolve,
        sockets=Sockets(internet),
    )
    close_later(fetch.close)
    return fetch
