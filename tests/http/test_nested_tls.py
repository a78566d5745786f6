"""TLS over a stream of any kind, against a server that speaks it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpcore
import pytest

from reconciler.http.network.nested_tls import NestedTlsStream

CERTIFICATE = Path(__file__).parent / "localhost.pem"
LARGE = b"y" * 300_000


class Plain(httpcore.NetworkStream):
    """One end of a pair of sockets."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the other end answers
        return self._end.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the other end takes it
        self._end.sendall(buffer)

    def close(self) -> None:
        self._end.close()

    def get_extra_info(self, info: str) -> Any:
        return info


@contextmanager
def served(serve: Callable[[socket.socket], None]) -> Iterator[Plain]:
    """A stream whose other end is served in a thread."""
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=lambda: serve(theirs))
    thread.start()
    try:
        yield Plain(ours)
    finally:
        ours.close()
        thread.join(10)
        theirs.close()


def echo(end: socket.socket) -> None:
    """Speak TLS, give back what comes, and say that it is over."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    try:
        with context.wrap_socket(end, server_side=True) as tls:
            left = len(LARGE)
            while left:
                received = tls.recv(left)
                left -= len(received)
                tls.sendall(received)
            tls.unwrap()
    except OSError:
        return


def client(*, trusted: bool = True) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trusted:
        context.load_verify_locations(CERTIFICATE)
    return context


def test_what_is_sent_comes_back_to_its_end() -> None:
    with served(echo) as plain:
        stream = NestedTlsStream(plain, client(), "localhost", 10)
        got = b""
        for start in range(0, len(LARGE), 50_000):
            stream.write(LARGE[start : start + 50_000], 10)
            while len(got) < start + 50_000:
                got += stream.read(65_536, 10)
        assert got == LARGE
        assert stream.read(65_536, 10) == b""
        assert isinstance(stream.get_extra_info("ssl_object"), ssl.SSLObject)
        assert stream.get_extra_info("socket") == "socket"
        stream.close()


@pytest.mark.parametrize(("trusted", "host"), [(False, "localhost"), (True, "other.example")])
def test_a_certificate_that_is_not_trusted_is_no_connection_and_is_the_cause(trusted: bool, host: str) -> None:
    with served(echo) as plain, pytest.raises(httpcore.ConnectError) as caught:
        NestedTlsStream(plain, client(trusted=trusted), host, 10)
    assert isinstance(caught.value.__context__, ssl.SSLCertVerificationError)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_another_side_that_does_not_speak_tls_is_no_connection(answer: bytes) -> None:
    def serve(end: socket.socket) -> None:
        end.recv(65_536)
        end.sendall(answer)
        end.shutdown(socket.SHUT_RDWR)

    with served(serve) as plain, pytest.raises(httpcore.ConnectError):
        NestedTlsStream(plain, client(), "localhost", 10)


def test_a_handshake_without_an_answer_is_no_connection_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: Any) -> bytes:
        raise httpcore.ReadTimeout

    monkeypatch.setattr(Plain, "read", read)
    with served(lambda _: None) as plain, pytest.raises(httpcore.ConnectTimeout):
        NestedTlsStream(plain, client(), "localhost", 10)
