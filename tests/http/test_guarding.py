"""A guard sees each address at the moment of the connection to it, and what it refuses is not connected to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat

import httpcore
import pytest

from reconciler.http.messages import Answer, Outcome, Request
from reconciler.http.network.guarding import AddressRefused
from reconciler.http.transport import Transport
from tests.flowservice.simulated import SimulatedClock
from tests.http.test_deadlines import SlowSockets, SlowStream

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: a=b\r\nX-Any: x\r\n\r\n"


class Watchful:
    """Refuses one address, and remembers what it was asked."""

    def __init__(self, refused: str = "") -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.behind_proxy: list[tuple[str, str, Sequence[str] | None]] = []
        self._refused = refused

    def check(self, scheme: str, host: str, address: str) -> None:
        self.asked.append((scheme, host, address))
        if address == self._refused:
            raise AddressRefused(host, "no", "hint")

    def check_proxied(self, scheme: str, host: str, addresses: Sequence[str] | None) -> None:
        self.behind_proxy.append((scheme, host, addresses))
        if addresses and self._refused in addresses:
            raise AddressRefused(host, "no", "hint")


def resolve(host: str, _port: int) -> Sequence[str]:
    if host == "unknown.example":
        raise OSError
    return ["93.184.216.34", "10.0.0.1"] if host == "x.example" else ["10.0.0.9"]


def exchange(guard: Watchful, url: str, proxy: str = "", whole: bool = False) -> tuple[Callable[[], Outcome], SlowSockets]:
    clock = SimulatedClock()
    script = (b"HTTP/1.1 200 OK\r\n\r\n" if proxy and url.startswith("https") else b"") + ANSWER
    sockets = SlowSockets(clock, [byte for one in repeat(script, 3) for byte in one], connecting=0, handshake=0)
    transport = Transport(clock, environ={"ALL_PROXY": proxy}, resolve=resolve, sockets=sockets, guard=guard, whole=whole)
    return lambda: transport.exchange(Request("GET", url, "/", "id", {}), 1e6, 1e9), sockets


def test_a_guard_is_asked_about_the_address_that_is_connected_to() -> None:
    guard = Watchful()
    send, sockets = exchange(guard, "http://x.example/")
    assert isinstance(send(), Answer)
    assert guard.asked == [("http", "x.example", "93.184.216.34")]
    assert sockets.tried == ["93.184.216.34"]


def test_an_address_in_the_place_of_a_name_is_asked_about() -> None:
    guard = Watchful()
    exchange(guard, "https://10.0.0.1/")[0]()
    assert guard.asked == [("https", "10.0.0.1", "10.0.0.1")]


def test_what_a_guard_refuses_is_not_connected_to() -> None:
    send, sockets = exchange(Watchful("93.184.216.34"), "http://x.example/")
    with pytest.raises(AddressRefused) as refused:
        send()
    assert (refused.value.host, sockets.tried) == ("x.example", [])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_behind_a_proxy_a_guard_is_asked_about_the_host_once_and_not_about_the_proxy(scheme: str) -> None:
    guard = Watchful()
    send, sockets = exchange(guard, f"{scheme}://x.example/", "http://proxy.example:3128")
    send()
    send()
    assert guard.behind_proxy == [(scheme, "x.example", ["93.184.216.34", "10.0.0.1"])]
    assert guard.asked == []
    assert set(sockets.tried) == {"10.0.0.9"}


def test_behind_a_proxy_a_host_that_only_the_proxy_knows_has_no_addresses() -> None:
    guard = Watchful()
    exchange(guard, "https://unknown.example/", "http://proxy.example:3128")[0]()
    assert guard.behind_proxy == [("https", "unknown.example", None)]


def test_behind_a_proxy_nothing_is_sent_to_what_a_guard_refuses() -> None:
    send, sockets = exchange(Watchful("10.0.0.1"), "https://x.example/", "http://proxy.example:3128")
    for _ in range(2):
        with pytest.raises(AddressRefused):
            send()
    assert sockets.tried == []


def test_a_whole_answer_has_all_headers() -> None:
    outcome = exchange(Watchful(), "http://x.example/", whole=True)[0]()
    assert isinstance(outcome, Answer)
    assert outcome.headers["x-any"] == "x"


def test_an_error_of_a_connection_is_not_a_refusal() -> None:
    class Dead(SlowSockets):
        def connect_tcp(self, *_: object, **__: object) -> SlowStream:
            raise httpcore.ConnectError

    clock = SimulatedClock()
    transport = Transport(clock, environ={}, resolve=resolve, sockets=Dead(clock, b""), guard=Watchful())
    outcome = transport.exchange(Request("GET", "http://x.example/", "/", "id", {}), 1e6, 1e9)
    assert "cannot connect" in getattr(outcome, "reason", "")
