"""Over real sockets on loopback: what a connection can do that a script cannot."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from reconciler.http.clock import SystemClock
from reconciler.http.messages import Answer, Failure, Outcome, Request
from reconciler.http.transport import Transport
from tests.flowservice.simulated import SimulatedClock
from tests.refusing import refusing

FAR = 1e9


@contextmanager
def serving(*pieces: bytes) -> Iterator[str]:
    """A server that answers one request with these pieces of bytes, whatever it was, and closes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            for piece in pieces:
                connection.sendall(piece)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        thread.join(10)
        listener.close()


def exchange(url: str, max_bytes: int = 1000, wire: httpx.BaseTransport | None = None) -> Outcome:
    transport = Transport(SystemClock(), wire, max_bytes)
    try:
        return transport.exchange(Request("GET", url, "/x", "sent-id", {"Authorization": "Bearer t"}), 10, FAR)
    finally:
        transport.close()


def test_a_whole_answer_arrives_with_its_headers() -> None:
    with serving(b"HTTP/1.1 200 OK\r\nX-Request-Id: 9pEnkVyyWlVNj6xCGJWjnvV8FTJ8JRLI\r\nContent-Length: 2\r\n\r\n", b"{}") as url:
        outcome = exchange(url)
    assert isinstance(outcome, Answer)
    assert (outcome.status, bytes(outcome.content), outcome.request_id) == (200, b"{}", "9pEnkVyyWlVNj6xCGJWjnvV8FTJ8JRLI")
    assert dict(outcome.headers) == {"x-request-id": "9pEnkVyyWlVNj6xCGJWjnvV8FTJ8JRLI"}


def test_a_compressed_answer_is_unpacked() -> None:
    body = gzip.compress(b'{"items": []}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with serving(head, body) as url:
        outcome = exchange(url)
    assert isinstance(outcome, Answer)
    assert (bytes(outcome.content), outcome.request_id) == (b'{"items": []}', "sent-id")


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b'{"items": ['], "was interrupted"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", b'"a"'], "was interrupted"),
        ([b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n", b"plain"], "cannot decompress"),
        ([b"HTTP/1.1 200 OK\r\nConn"], "was interrupted"),
        ([b"SSH-2.0-OpenSSH\r\n"], "was interrupted"),
        ([], "was interrupted"),
    ],
)
def test_an_answer_that_is_not_whole_is_a_failure_after_sending(pieces: list[bytes], reason: str) -> None:
    with serving(*pieces) as url:
        outcome = exchange(url)
    assert isinstance(outcome, Failure)
    assert reason in outcome.reason
    assert outcome.sent
    assert not outcome.lasting


def test_a_redirect_is_an_answer_wherever_it_leads() -> None:
    with serving(b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n") as url:
        outcome = exchange(url)
    assert isinstance(outcome, Answer)
    assert outcome.is_redirect


def test_an_answer_that_is_too_large_is_not_read_to_its_end() -> None:
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", b"x" * 2000) as url:
        outcome = exchange(url)
    assert outcome == Failure("the response is larger than 1000 bytes", sent=True, lasting=True)


def test_nobody_listening_is_a_failure_before_sending() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = exchange(f"http://127.0.0.1:{port}")
    assert isinstance(outcome, Failure)
    assert not outcome.sent
    assert "cannot connect" in outcome.reason


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://[::1", "not a url"])
def test_an_address_that_is_none_is_a_failure_that_lasts(url: str) -> None:
    outcome = exchange(url)
    assert isinstance(outcome, Failure)
    assert (outcome.sent, outcome.lasting) == (False, True)
    assert outcome.hint is not None


def test_loopback_is_reached_without_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing() as proxy, serving(b"HTTP/1.1 204 No Content\r\n\r\n") as url:
        monkeypatch.setenv("HTTP_PROXY", proxy)
        assert isinstance(exchange(url), Answer)


class Trickle(httpx.SyncByteStream):
    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self._tick()
            yield b" "


def test_a_body_that_trickles_in_is_cut_off_at_the_deadline() -> None:
    clock = SimulatedClock()
    began = clock.time
    stream = Trickle(lambda: clock.sleep(1.0))
    transport = Transport(clock, httpx.MockTransport(lambda _: httpx.Response(200, stream=stream)))
    outcome = transport.exchange(Request("GET", "http://x.example/", "/x", "id", {}), 30, began + 5)
    assert outcome == Failure("the response was incomplete at the deadline", sent=True)
    assert clock.time - began <= 6


def test_each_phase_of_a_try_gets_what_is_left_when_it_begins() -> None:
    clock = SimulatedClock()
    deadline = clock.time + 40
    seen: list[float | None] = []

    def handle(request: httpx.Request) -> httpx.Response:
        timeout = request.extensions["timeout"]
        for phase in ("pool", "connect", "write", "read"):
            seen.append(timeout.get(phase))
            clock.time += 15
        seen.append(timeout.get("unknown", 1.5))
        return httpx.Response(200)

    Transport(clock, httpx.MockTransport(handle)).exchange(Request("GET", "http://x.example/", "/x", "id", {}), 30, deadline)
    assert seen == [30, 25, 10, 0.001, 1.5]


def test_what_was_sent_never_stands_in_the_reason() -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError("Illegal header value b'Bearer t'")

    outcome = exchange("http://x.example/", wire=httpx.MockTransport(handle))
    assert isinstance(outcome, Failure)
    assert "Bearer" not in outcome.reason


def test_a_reason_that_nothing_is_known_of_says_so() -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("")

    outcome = exchange("http://x.example/", wire=httpx.MockTransport(handle))
    assert isinstance(outcome, Failure)
    assert outcome.reason == "the connection was interrupted: unknown reason"


def test_a_header_that_is_not_ascii_is_a_failure_before_sending() -> None:
    transport = Transport(SystemClock(), httpx.MockTransport(lambda _: httpx.Response(200)))
    outcome = transport.exchange(Request("GET", "http://x.example/", "/x", "id", {"x-sandbox-name": "é"}), 30, FAR)
    assert isinstance(outcome, Failure)
    assert (outcome.sent, outcome.lasting) == (False, True)
