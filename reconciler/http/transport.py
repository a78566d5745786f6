"""One try of one call over HTTP: a whole answer, or why there is none. The only module that knows the HTTP library."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import httpx

from reconciler.http.clock import Clock
from reconciler.http.messages import Answer, Failure, Outcome, Request

Wire: TypeAlias = httpx.BaseTransport
"""What carries requests below the client: a test, or the embedded service, hands in its own."""

MAX_ANSWER_BYTES: Final = 512 * 1024 * 1024
"""Five times the list of ten thousand specs of 8 KB."""

_LOOPBACK: Final = ("all://localhost", "all://127.0.0.1", "all://[::1]")
_SAFE_REQUEST_ID: Final = re.compile(r"[0-9A-Za-z._:-]{1,128}", re.ASCII)
_LONGEST_REASON: Final = 200
_SHORTEST_TIMEOUT: Final = 0.001
"""None at all would tell a socket not to block."""


class Transport:
    """Sends requests over pooled connections, from any number of threads, and never follows a redirect.

    Proxies and certificates come from the environment (`HTTPS_PROXY`, `SSL_CERT_FILE`), but loopback is reached directly.
    """

    def __init__(self, clock: Clock, wire: Wire | None = None, max_bytes: int = MAX_ANSWER_BYTES) -> None:
        self._clock = clock
        self._max_bytes = max_bytes
        direct: dict[str, Wire | None] = dict.fromkeys(_LOOPBACK)
        self._client = httpx.Client(transport=wire, mounts=direct, follow_redirects=False)

    def exchange(self, request: Request, timeout: float, deadline: float) -> Outcome:
        """One try. Never raises for what the network or the service does.

        `timeout` (seconds) bounds each wait for the other side, and what is left until `deadline` (monotonic) bounds the connecting, the
        sending, the wait for an answer, and its body, each from when it begins; a body that trickles in is cut off at the deadline.
        """
        time_left = _TimeLeft(self._clock, timeout, deadline)
        try:
            with self._client.stream(
                request.method, request.url, headers=request.headers, content=request.body, extensions={"timeout": time_left}
            ) as response:
                return self._whole(response, request, deadline)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            return _failure(error)

    def close(self) -> None:
        self._client.close()

    def _whole(self, response: httpx.Response, request: Request, deadline: float) -> Outcome:
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > self._max_bytes:
                return Failure(f"the answer is larger than {self._max_bytes} bytes", sent=True, lasting=True)
            if self._clock.monotonic() > deadline:
                return Failure("the answer was not complete at the deadline", sent=True)
        headers = MappingProxyType(dict(response.headers))
        return Answer(response.status_code, headers, content, _request_id(headers.get("x-request-id"), request.request_id))


class _TimeLeft(dict[str, Any]):
    """The timeouts of one try. The HTTP library looks each up when its phase begins, and gets what is left by then."""

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


def _failure(error: Exception) -> Failure:
    """What an exception means. Its text is taken over only where it cannot hold what was sent: a bad header's would show the token."""
    match error:
        case httpx.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            hint = "name your organisation's certificates in SSL_CERT_FILE"
            return Failure(f"no connection: {_text(error)}", sent=False, lasting=True, hint=hint)
        case httpx.ConnectError() | httpx.ProxyError():
            return Failure(f"no connection: {_text(error)}", sent=False)
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Failure("no connection in time", sent=False)
        case httpx.UnsupportedProtocol() | httpx.InvalidURL() | UnicodeError():
            return Failure("the request cannot be made", sent=False, lasting=True, hint="check base_url, org_id and sandbox")
        case httpx.LocalProtocolError():
            return Failure(
                "the request cannot be sent as it is", sent=True, lasting=True, hint="check base_url, org_id and sandbox"
            )
        case httpx.TimeoutException():
            return Failure("no answer in time", sent=True)
        case httpx.DecodingError():
            return Failure("the answer cannot be decompressed", sent=True)
        case _:
            return Failure(f"the connection broke off: {_text(error)}", sent=True)


def _text(error: Exception) -> str:
    words = " ".join(str(error).split())[:_LONGEST_REASON]
    return "".join(letter if letter.isprintable() else "?" for letter in words) or type(error).__name__


def _request_id(received: str | None, sent: str) -> str:
    """The server's, if it can stand in a log line."""
    return received if received and _SAFE_REQUEST_ID.fullmatch(received) else sent
