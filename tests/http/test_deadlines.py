"""A try ends at its deadline, whatever the other side does to keep it waiting: bytes that come one a second, in memory."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from typing import Any

import httpcore
import pytest

from reconciler.http.messages import Answer, Failure, Outcome, Request
from reconciler.http.transport import Transport
from tests.flowservice.simulated import SimulatedClock

DEADLINE = 50.0
TIMEOUT = 30.0
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


class _Tls:
    """What stands for TLS over a stream."""

    def selected_alpn_protocol(self) -> None:
        """None was agreed on."""


class SlowStream(httpcore.NetworkStream):
    """Gives one byte of a script a second, and takes a second for each piece that is sent."""

    def __init__(self, clock: SimulatedClock, script: Iterable[int], handshake: float) -> None:
        self._clock = clock
        self._script = iter(script)
        self._handshake = handshake
        self._has_tls = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - one byte, always
        self._pass(1.0, timeout, httpcore.ReadTimeout)
        byte = next(self._script, None)
        return b"" if byte is None else bytes((byte,))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - a second, whatever it is
        self._pass(1.0, timeout, httpcore.WriteTimeout)

    def start_tls(self, *_: Any, timeout: float | None = None, **__: Any) -> SlowStream:
        self._pass(self._handshake, timeout, httpcore.ConnectTimeout)
        self._has_tls = True
        return self

    def close(self) -> None:
        """Nothing is open."""

    def get_extra_info(self, info: str) -> Any:
        return object.__new__(_Tls) if info == "ssl_object" and self._has_tls else None

    def _pass(self, seconds: float, timeout: float | None, too_late: type[Exception]) -> None:
        assert timeout is not None
        self._clock.time += min(seconds, timeout)
        if timeout < seconds:
            raise too_late


class SlowSockets(httpcore.NetworkBackend):
    """Connects to a stream that is slow; each connection takes so many seconds, and those to `dead` addresses never come."""

    def __init__(self, clock: SimulatedClock, script: Iterable[int], connecting: float = 0.5, handshake: float = 0.5) -> None:
        self._clock = clock
        self._script = script
        self._connecting = connecting
        self._handshake = handshake
        self.tried: list[str] = []

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *_: Any, **__: Any) -> SlowStream:  # noqa: ARG002 - any port
        self.tried.append(host)
        assert timeout is not None
        self._clock.time += min(self._connecting, timeout)
        if timeout < self._connecting:
            raise httpcore.ConnectTimeout
        return SlowStream(self._clock, self._script, self._handshake)


def exchange(
    script: Iterable[int], url: str = "http://x.example/", body: bytes | None = None, proxy: str = "", **sockets: float
) -> tuple[Outcome, float]:
    """The outcome of one try, and the seconds that it took."""
    clock = SimulatedClock()
    began = clock.time
    transport = Transport(
        clock,
        environ={"HTTPS_PROXY": proxy},
        resolve=lambda *_: ["10.0.0.1"],
        sockets=SlowSockets(clock, script, **sockets),
    )
    outcome = transport.exchange(Request("POST", url, "/", "id", {}, body), TIMEOUT, began + DEADLINE)
    transport.close()
    return outcome, clock.time - began


ENDLESS: dict[str, Iterable[int]] = {
    "status line": chain(b"HTTP/1.1 200 ", repeat(ord("x"))),
    "header": chain(OK, b"X-A: ", repeat(ord("a"))),
    "headers": chain(OK, *repeat(b"X: a\r\n", 1000)),
    "continue": chain(*repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 1000)),
    "early hints": chain(*repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n", 1000)),
    "chunk size": chain(CHUNKED, repeat(ord("0"))),
    "chunk extension": chain(CHUNKED, b"1;", repeat(ord("a"))),
    "chunks": chain(CHUNKED, *repeat(b"1\r\n \r\n", 1000)),
    "trailer": chain(CHUNKED, b"0\r\nX-A: ", repeat(ord("a"))),
    "trailers": chain(CHUNKED, b"0\r\n", *repeat(b"X: a\r\n", 1000)),
    "body": chain(OK, b"\r\n", repeat(ord(" "))),
    "body of a length": chain(OK, b"Content-Length: 100000\r\n\r\n", repeat(ord(" "))),
    "gzip name": chain(OK, b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\0", repeat(ord("n"))),
    "gzip comment": chain(OK, b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x10\0\0\0\0\0\0", repeat(ord("c"))),
    "gzip members": chain(OK, b"Content-Encoding: gzip\r\n\r\n", *repeat(gzip.compress(b""), 1000)),
}
ENDLESS_SCRIPTS = {name: tuple(islice(script, 1000)) for name, script in ENDLESS.items()}
"""As much of each as no test waits for."""


@pytest.mark.parametrize("name", ENDLESS_SCRIPTS)
@pytest.mark.parametrize("place", ["plain", "TLS", "proxy"])
def test_an_answer_that_never_ends_is_given_up_at_the_deadline(name: str, place: str) -> None:
    script: Iterator[int] = iter(ENDLESS_SCRIPTS[name])
    url, proxy = ("http://x.example/", "") if place == "plain" else ("https://x.example/", "")
    if place == "proxy":
        script, proxy = chain(b"HTTP/1.1 200 OK\r\n\r\n", script), "http://proxy.example:3128"
    outcome, seconds = exchange(script, url, proxy=proxy)
    assert isinstance(outcome, Failure)
    assert outcome.sent
    assert DEADLINE - 1 <= seconds <= DEADLINE + 1


@pytest.mark.parametrize("name", ["status line", "header", "headers", "continue"])
def test_a_proxy_that_never_lets_through_is_given_up_at_the_deadline_with_nothing_sent(name: str) -> None:
    outcome, seconds = exchange(iter(ENDLESS_SCRIPTS[name]), "https://x.example/", proxy="http://proxy.example:3128")
    assert isinstance(outcome, Failure)
    assert seconds <= DEADLINE + 1


def test_an_answer_that_is_slow_and_ends_in_time_is_read() -> None:
    outcome, seconds = exchange(iter(OK + b"Content-Length: 2\r\n\r\n{}"))
    assert isinstance(outcome, Answer)
    assert seconds < DEADLINE


def test_a_body_that_is_taken_slowly_is_given_up_at_the_deadline() -> None:
    outcome, seconds = exchange(iter(()), body=b"x" * 1_000_000)
    assert outcome == Failure("timed out waiting for a response", sent=True)
    assert DEADLINE - 1 <= seconds <= DEADLINE + 1


def test_a_handshake_that_takes_too_long_is_given_up_before_anything_is_sent() -> None:
    outcome, seconds = exchange(iter(OK), "https://x.example/", handshake=1_000)
    assert outcome == Failure("timed out while connecting", sent=False)
    assert seconds <= TIMEOUT + 1


def test_a_host_of_many_dead_addresses_is_given_up_at_the_deadline() -> None:
    clock = SimulatedClock()
    began = clock.time
    sockets = SlowSockets(clock, iter(OK), connecting=1_000)
    addresses = [f"10.0.0.{number}" for number in range(100)]
    transport = Transport(clock, environ={}, resolve=lambda *_: addresses, sockets=sockets)
    outcome = transport.exchange(Request("GET", "http://x.example/", "/", "id", {}), TIMEOUT, began + DEADLINE)
    assert outcome == Failure("timed out while connecting", sent=False)
    assert sockets.tried == addresses[:2]
    assert clock.time - began <= DEADLINE + 1


def test_the_next_address_is_tried_where_one_refuses() -> None:
    class Refusing(SlowSockets):
        def connect_tcp(self, host: str, *arguments: Any, **named: Any) -> SlowStream:
            if host == "fd00::1":
                self.tried.append(host)
                raise httpcore.ConnectError
            return super().connect_tcp(host, *arguments, **named)

    clock = SimulatedClock()
    sockets = Refusing(clock, iter(OK + b"Content-Length: 0\r\n\r\n"))
    transport = Transport(clock, environ={}, resolve=lambda *_: ["fd00::1", "10.0.0.1"], sockets=sockets)
    outcome = transport.exchange(Request("GET", "http://x.example/", "/", "id", {}), TIMEOUT, clock.time + 100)
    assert isinstance(outcome, Answer)
    assert sockets.tried == ["fd00::1", "10.0.0.1"]


def test_a_look_up_of_a_name_that_never_ends_is_not_waited_for() -> None:
    over = threading.Event()

    def resolve(_host: str, _port: int) -> Sequence[str]:
        over.wait(60)
        return ()

    transport = Transport(clock := SimulatedClock(), environ={}, resolve=resolve)
    outcome = transport.exchange(Request("GET", "http://x.example/", "/", "id", {}), 0.001, clock.time + 1)
    over.set()
    assert outcome == Failure("timed out while connecting", sent=False)


def test_a_name_that_is_not_known_is_said_in_our_words() -> None:
    def resolve(host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(-2, f"{host}: no such thing")

    transport = Transport(clock := SimulatedClock(), environ={}, resolve=resolve)
    outcome = transport.exchange(Request("GET", "http://x.example/", "/", "id", {}), 30, clock.time + 60)
    assert outcome == Failure("cannot connect: cannot resolve the host name", sent=False)


def test_an_answer_that_is_compressed_twice_is_not_unpacked() -> None:
    outcome, _ = exchange(iter(OK + b"Content-Encoding:gzip,br\r\n\r\n"))
    assert isinstance(outcome, Failure)
    assert "unsupported compression" in outcome.reason


@pytest.mark.parametrize("answer", [b"407 Geh3im", b"403 Forbidden", b"502 Geh3im is not here"])
def test_of_what_a_proxy_says_only_its_status_is_shown(answer: bytes) -> None:
    script = b"HTTP/1.1 " + answer + b"\r\n\r\n"
    outcome, _ = exchange(iter(script), "https://x.example/", proxy="http://me:Geh3im/#@proxy.example:1")
    assert isinstance(outcome, Failure)
    assert outcome.reason == f"cannot connect: the proxy returned {answer[:3].decode()}"
    assert (outcome.sent, outcome.lasting) == (False, answer[:1] == b"4")
    assert "HTTPS_PROXY" in str(outcome.hint)


def test_a_proxy_that_is_not_there_is_named_as_such() -> None:
    def resolve(*_: Any) -> Sequence[str]:
        raise socket.gaierror(-2, "Geh3im")

    transport = Transport(clock := SimulatedClock(), environ={"HTTPS_PROXY": "http://me:Geh3im@gone.example:1"}, resolve=resolve)
    outcome = transport.exchange(Request("GET", "https://x.example/", "/", "id", {}), 30, clock.time + 60)
    assert isinstance(outcome, Failure)
    assert outcome.reason == "cannot connect through the proxy: cannot resolve the host name"
    assert not outcome.sent


def test_a_handshake_within_a_proxys_tls_is_given_up_at_the_deadline() -> None:
    script = chain(b"HTTP/1.1 200 OK\r\n\r\n\x16\x03\x03\x40\x00", repeat(2, 1000))
    outcome, seconds = exchange(script, "https://x.example/", proxy="https://proxy.example:1")
    assert outcome == Failure("timed out while connecting", sent=False)
    assert seconds <= DEADLINE + 1


def test_a_service_that_repeats_the_password_of_a_proxy_shows_nothing_of_it() -> None:
    script = b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 No\r\nContent-Length: 6\r\n\r\nGeh3im"
    clock = SimulatedClock()
    transport = Transport(
        clock,
        environ={"HTTPS_PROXY": "http://me:Geh3im@proxy.example:1"},
        resolve=lambda *_: ["10.0.0.1"],
        sockets=SlowSockets(clock, iter(script)),
    )
    outcome = transport.exchange(Request("GET", "https://x.example/", "/", "id", {}), 100, clock.time + 1_000)
    assert isinstance(outcome, Answer)
    assert outcome.content == b"message withheld: it may contain a credential"
