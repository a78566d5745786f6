"""One try of one call over HTTP. Returns a complete response or the reason for none, without repeated credentials."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

import httpcore
import httpx

from reconciler.http.clock import Clock
from reconciler.http.failures import failure_of
from reconciler.http.messages import Answer, Failure, Outcome, Request
from reconciler.http.network.deadlines import DeadlineBackend, Resolve, TimeLeft, addresses_of
from reconciler.http.network.environment import NetworkWire
from reconciler.http.network.guarding import Guard
from reconciler.http.secrets.disclosure import error_content, headers_of, request_id_in
from reconciler.http.secrets.known_secrets import KnownSecrets

Wire: TypeAlias = httpx.BaseTransport
"""The layer that carries requests; tests and the embedded service supply their own."""

MAX_ANSWER_BYTES: Final = 512 * 1024 * 1024
"""Five times the size of a list of ten thousand specs of 8 KB."""

_ENCODINGS: Final = frozenset({"", "identity", "gzip", "deflate"})
"""Only one encoding at a time: a few bytes that are compressed twice can expand to a terabyte."""
_HEADERS: Final = {"accept": "*/*", "accept-encoding": "gzip, deflate", "connection": "keep-alive"}
_SHORTEST_TIMEOUT: Final = 0.001
"""A timeout of zero would make a socket non-blocking."""
_REPEATS: Final = "response discarded: it contains a credential"
_REPEATS_HINT: Final = (
    "check base_url and proxies, which the response came through; if a live object contains the credential, remove it there, "
    "and replace the credential"
)

for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks"):
    logging.getLogger(_name).disabled = True  # they log headers, queries and response text; each try is logged in request_log


class Transport:
    """Sends requests over pooled connections. Thread-safe. Redirects are not followed.

    Proxies and certificates come from the environment (`HTTPS_PROXY`, `SSL_CERT_FILE`); loopback is reached directly. `secrets` are the
    credentials that no response may repeat; callers add them before they send a request. `guard` decides about each connection. With
    `whole`, responses are returned unchanged and with all headers, even if they repeat a credential: the caller must not show them.
    Cookies are neither kept nor sent.
    """

    def __init__(
        self,
        clock: Clock,
        wire: Wire | None = None,
        max_bytes: int = MAX_ANSWER_BYTES,
        *,
        environ: Mapping[str, str] | None = None,
        resolve: Resolve = addresses_of,
        sockets: httpcore.NetworkBackend | None = None,
        guard: Guard | None = None,
        whole: bool = False,
    ) -> None:
        self.secrets = KnownSecrets()
        self._clock = clock
        self._max_bytes = max_bytes
        self._time_left = TimeLeft(clock)
        backend = DeadlineBackend(self._time_left, resolve, sockets)
        network = NetworkWire(os.environ if environ is None else environ, backend, self.secrets, guard)
        self._is_whole = whole
        self._wire = wire or network
        self._is_closed = False

    def exchange(self, request: Request, timeout: float, deadline: float) -> Outcome:
        """Send one request. Raises AddressRefused, and SettingsError for an invalid proxy or certificate; all else is in the outcome.

        `timeout` (seconds) limits each wait for the other side; `deadline` (monotonic) limits all of them together.
        """
        if self._is_closed:
            raise RuntimeError("the transport is closed")
        self._time_left.deadline = deadline
        extensions: dict[str, Any] = {"timeout": _Timeouts(self._clock, timeout, deadline)}
        if request.target is not None:
            extensions["target"] = request.target
        try:
            headers = httpx.Headers(_HEADERS)
            headers.update(request.headers)
            url = request.url if "?" in request.url else _parsed(request.url)
            written = httpx.Request(request.method, url, headers=headers, content=request.body, extensions=extensions)
            response = self._wire.handle_request(written)
            try:
                return self._whole(response, request, deadline)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            return failure_of(error)

    def close(self) -> None:
        """Close all connections. Nothing can be sent afterwards."""
        self._is_closed = True
        self._wire.close()

    def _whole(self, response: httpx.Response, request: Request, deadline: float) -> Outcome:
        if response.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
            return Failure("unsupported compression", sent=True, lasting=True)
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > self._max_bytes:
                return Failure(f"the response is larger than {self._max_bytes} bytes", sent=True, lasting=True)
            if self._clock.monotonic() > deadline:
                return Failure("the response was incomplete at the deadline", sent=True)
        if self._is_whole:
            return Answer(response.status_code, dict(response.headers), content, request.request_id)
        return self._cleaned(response, content, request)

    def _cleaned(self, response: httpx.Response, content: bytearray, request: Request) -> Outcome:
        """The response without strings that may repeat a credential. The body of a success is kept unchanged or rejected whole."""
        headers = headers_of(response.headers, self.secrets)
        theirs = None if request.grants else request_id_in(headers.get("x-request-id"), self.secrets)
        request_id = theirs or request.request_id
        if not response.is_success:
            return Answer(response.status_code, headers, error_content(content, self.secrets), request_id)
        if not request.grants and self.secrets.are_in_document(content):
            return Failure(_REPEATS, sent=True, lasting=True, hint=_REPEATS_HINT)
        return Answer(response.status_code, headers, content, request_id)


@lru_cache(maxsize=64)
def _parsed(url: str) -> httpx.URL:
    """A URL without a query. A spec is read, written and read again, so most are asked for more than once."""
    return httpx.URL(url)


class _Timeouts(dict[str, Any]):
    """The timeouts of one try. The HTTP library looks each one up when its phase begins and gets the time left at that moment."""

    def __init__(self, clock: Clock, timeout: float, deadline: float) -> None:
        super().__init__(dict.fromkeys(("connect", "read", "write", "pool"), timeout))
        self._clock = clock
        self._deadline = deadline

    def __getitem__(self, phase: str) -> float:
        return self._cut(super().__getitem__(phase))

    def get(self, phase: str, default: Any = None) -> Any:
        timeout = super().get(phase)
        return default if timeout is None else self._cut(timeout)

    def _cut(self, timeout: float) -> float:
        return max(min(timeout, self._deadline - self._clock.monotonic()), _SHORTEST_TIMEOUT)
