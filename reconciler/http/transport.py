"""One try of one call over HTTP: a whole answer, or why there is none. Nothing leaves here that may repeat a credential."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import httpcore
import httpx

from reconciler.http.clock import Clock
from reconciler.http.failures import failure_of
from reconciler.http.messages import Answer, Failure, Outcome, Request
from reconciler.http.network.deadlines import DeadlineBackend, Resolve, TimeLeft, addresses_of
from reconciler.http.network.environment import NetworkWire
from reconciler.http.secrets.disclosure import error_content, headers_of, request_id_in
from reconciler.http.secrets.known_secrets import KnownSecrets

Wire: TypeAlias = httpx.BaseTransport
"""What carries requests below the client: a test, or the embedded service, hands in its own."""

MAX_ANSWER_BYTES: Final = 512 * 1024 * 1024
"""Five times the list of ten thousand specs of 8 KB."""

_ENCODINGS: Final = frozenset({"", "identity", "gzip", "deflate"})
"""One alone: a few bytes that are compressed twice can be a thousand gigabytes."""
_SHORTEST_TIMEOUT: Final = 0.001
"""None at all would tell a socket not to block."""
_REPEATS: Final = "response discarded: it contains a credential"
_REPEATS_HINT: Final = (
    "check base_url and proxies, which the response came through; if a live object contains the credential, remove it there, "
    "and replace the credential"
)

for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks"):
    logging.getLogger(_name).disabled = True  # these show headers, queries and a server's words; we log each try ourselves


class Transport:
    """Sends requests over pooled connections, from any number of threads, and never follows a redirect.

    Proxies and certificates come from the environment (`HTTPS_PROXY`, `SSL_CERT_FILE`), but loopback is reached directly. `secrets` are the
    credentials that no answer may repeat; whoever makes a request adds them first.
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
    ) -> None:
        self.secrets = KnownSecrets()
        self._clock = clock
        self._max_bytes = max_bytes
        self._time_left = TimeLeft(clock)
        backend = DeadlineBackend(self._time_left, resolve, sockets)
        network = NetworkWire(os.environ if environ is None else environ, backend, self.secrets)
        self._client = httpx.Client(transport=wire or network, follow_redirects=False, trust_env=False)
        self._client.headers["Accept-Encoding"] = "gzip, deflate"

    def exchange(self, request: Request, timeout: float, deadline: float) -> Outcome:
        """One try. Raises SettingsError where the environment's proxy or certificates cannot be used, and nothing for all else.

        `timeout` (seconds) bounds each wait for the other side, and what is left until `deadline` (monotonic) bounds all of them together.
        """
        self._time_left.deadline = deadline
        try:
            with self._client.stream(
                request.method,
                request.url,
                headers=request.headers,
                content=request.body,
                extensions={"timeout": _Timeouts(self._clock, timeout, deadline)},
            ) as response:
                return self._whole(response, request, deadline)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            return failure_of(error)

    def close(self) -> None:
        self._client.close()

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
        return self._cleaned(response, content, request)

    def _cleaned(self, response: httpx.Response, content: bytearray, request: Request) -> Outcome:
        """The answer without what may repeat a credential; a body that is to be used is used as it is, or not at all."""
        headers = headers_of(response.headers, self.secrets)
        theirs = None if request.grants else request_id_in(headers.get("x-request-id"), self.secrets)
        request_id = theirs or request.request_id
        if not response.is_success:
            return Answer(response.status_code, headers, error_content(content, self.secrets), request_id)
        if not request.grants and self.secrets.are_in_document(content):
            return Failure(_REPEATS, sent=True, lasting=True, hint=_REPEATS_HINT)
        return Answer(response.status_code, headers, content, request_id)


class _Timeouts(dict[str, Any]):
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
