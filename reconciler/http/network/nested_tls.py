"""TLS to a host inside TLS to a proxy, over a stream that enforces its own deadline."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

import httpcore

T = TypeVar("T")

_RECORD: Final = 65_536


class NestedTlsStream(httpcore.NetworkStream):
    """TLS over another stream, after the handshake. Raises httpcore.ConnectError or ConnectTimeout if the handshake fails."""

    def __init__(
        self, stream: httpcore.NetworkStream, context: ssl.SSLContext, server_hostname: str | None, timeout: float | None
    ) -> None:
        self._stream = stream
        self._received = ssl.MemoryBIO()
        self._to_send = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._received, self._to_send, server_hostname=server_hostname)
        try:
            self._carry(self._tls.do_handshake, timeout)
        except httpcore.TimeoutException:
            self.close()
            raise httpcore.ConnectTimeout from None
        except (ssl.SSLError, httpcore.NetworkError) as error:
            self.close()
            failed = httpcore.ConnectError()
            failed.__context__ = error
            raise failed from error

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._carry(partial(self._tls.read, max_bytes), timeout)
        except ssl.SSLZeroReturnError:
            return b""
        except ssl.SSLError as error:
            raise httpcore.ReadError from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            while buffer:
                sent = self._carry(partial(self._tls.write, buffer), timeout)
                buffer = buffer[sent:]
        except ssl.SSLError as error:
            raise httpcore.WriteError from error

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._tls if info == "ssl_object" else self._stream.get_extra_info(info)

    def _carry(self, act: Callable[[], T], timeout: float | None) -> T:
        """Run one TLS operation, and send and receive what it needs until it completes."""
        while True:
            try:
                result = act()
            except ssl.SSLWantReadError:
                self._send(timeout)
                received = self._stream.read(_RECORD, timeout)
                self._received.write(received) if received else self._received.write_eof()
            else:
                self._send(timeout)
                return result

    def _send(self, timeout: float | None) -> None:
        if self._to_send.pending:
            self._stream.write(self._to_send.read(), timeout)
