"""Sockets with a deadline per try: each wait is limited to the time left, however slowly the other side sends.

The HTTP library has a timeout per wait, and a server that sends one byte at a time (of a header, a chunk extension, a trailer, repeated
`100 Continue` responses) restarts it each time. The limit is below that library, so it applies to all of its waits.
"""

from __future__ import annotations

import ipaddress
import math
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final, TypeAlias

import httpcore

from reconciler.http.clock import Clock
from reconciler.http.network.nested_tls import NestedTlsStream

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]
"""The addresses of a host. Raises OSError."""

Check: TypeAlias = Callable[[str, str], None]
"""Called with a host and one of its addresses. Raises AddressRefused, which ends the try."""

_PIECE: Final = 4_096
"""Bytes sent at once. A writable socket accepts that many, so each piece is one wait."""


class TimeLeft(threading.local):
    """The deadline of the current thread's try, in monotonic time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.deadline = math.inf

    def of(self, timeout: float | None, too_late: type[Exception]) -> float:
        """The seconds that one wait may last. Raises `too_late` if none are left."""
        left = self.deadline - self._clock.monotonic()
        if left <= 0:
            raise too_late
        return left if timeout is None else min(timeout, left)


def addresses_of(host: str, port: int) -> Sequence[str]:
    """All addresses that the system returns for a host, in order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class DeadlineBackend(httpcore.NetworkBackend):
    """Connects within the time left, including the name lookup and all addresses of the host."""

    def __init__(
        self,
        time_left: TimeLeft,
        resolve: Resolve = addresses_of,
        sockets: httpcore.NetworkBackend | None = None,
        check: Check | None = None,
    ) -> None:
        self._time_left = time_left
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend() if sockets is None else sockets
        self._check = check

    def checked(self, check: Check) -> DeadlineBackend:
        """The same, but `check` is asked about each address just before the connection to it."""
        return DeadlineBackend(self._time_left, self._resolve, self._sockets, check)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError()
        for address in self.look_up(host, port, timeout):
            if self._check is not None:
                self._check(host, address)
            left = self._time_left.of(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._sockets.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _DeadlineStream(stream, self._time_left)
        raise failed

    def look_up(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        """The addresses of a host, looked up in another thread because the lookup has no timeout.

        Raises httpcore.ConnectError and ConnectTimeout.
        """
        with suppress(ValueError):  # an address needs no lookup
            ipaddress.ip_address(host)
            return (host,)
        answers: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=look_up, name="look-up of a host", daemon=True).start()
        try:
            found = answers.get(timeout=self._time_left.of(timeout, httpcore.ConnectTimeout))
        except queue.Empty:
            raise httpcore.ConnectTimeout from None
        if isinstance(found, Exception):
            error = httpcore.ConnectError()
            error.__context__ = found  # the pool drops the exception's cause
            raise error
        return found


class _DeadlineStream(httpcore.NetworkStream):
    """A stream that limits each wait to the time left."""

    def __init__(self, stream: httpcore.NetworkStream, time_left: TimeLeft) -> None:
        self._stream = stream
        self._time_left = time_left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._time_left.of(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[start : start + _PIECE], self._time_left.of(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        if self._stream.get_extra_info("ssl_object") is not None:
            return NestedTlsStream(self, ssl_context, server_hostname, timeout)
        left = self._time_left.of(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, timeout=left), self._time_left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
