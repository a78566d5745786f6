"""The network configuration of this machine: certificates and proxies, read only for requests that need them.

A connection to loopback over http needs neither, so invalid values do not affect it.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import httpcore
import httpx

from reconciler.http.failures import is_about_tls
from reconciler.http.network.certificates import tls_context
from reconciler.http.network.deadlines import DeadlineBackend
from reconciler.http.network.guarding import Guard
from reconciler.http.network.proxies import Proxy, proxy_for
from reconciler.http.secrets.known_secrets import KnownSecrets

_LIMITS: Final[Mapping[str, Any]] = {"max_connections": 100, "max_keepalive_connections": 20, "keepalive_expiry": 5.0}
"""Limits of a pool: connections, idle connections, and idle seconds."""
_LOOK_UP: Final = 5.0
"""Seconds for the look-up of a host behind a proxy: many networks with a proxy cannot look up names outside."""


class NetworkWire(httpx.BaseTransport):
    """Sends each request over a pooled connection, through the proxy that the environment names for its host.

    `guard` decides about each address of a host, and about each host behind a proxy; the address of the proxy itself is not its concern.
    Raises SettingsError if a variable that this request needs is invalid, httpx.HTTPError for network errors, and AddressRefused.
    """

    def __init__(
        self, environ: Mapping[str, str], backend: DeadlineBackend, secrets: KnownSecrets, guard: Guard | None = None
    ) -> None:
        self._environ = environ
        self._backend = backend
        self._secrets = secrets
        self._guard = guard
        self._behind_proxy: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._pools: dict[tuple[str, Proxy | None], _Pool] = {}
        self._context: ssl.SSLContext | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        pool = self._pool(request.url)
        if self._guard is not None and isinstance(pool, _ProxiedPool):
            self._check_proxied(self._guard, request.url)
        return pool.handle_request(request)

    def _check_proxied(self, guard: Guard, url: httpx.URL) -> None:
        """Ask the guard about a host that the proxy looks up, with the addresses that are found here."""
        host = url.raw_host.decode().strip("[]")
        if (url.scheme, host) in self._behind_proxy:
            return
        try:
            addresses: Sequence[str] | None = self._backend.look_up(host, url.port or 0, _LOOK_UP)
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            addresses = None
        guard.check_proxied(url.scheme, host, addresses or None)
        self._behind_proxy.add((url.scheme, host))

    def close(self) -> None:
        with self._lock:
            for pool in self._pools.values():
                pool.close()

    def _pool(self, url: httpx.URL) -> _Pool:
        with self._lock:
            proxy = proxy_for(url.scheme, url.host, url.port, self._environ)
            key = (url.scheme, proxy)
            if key not in self._pools:
                self._pools[key] = self._direct(url.scheme) if proxy is None else self._proxied(proxy)
            return self._pools[key]

    def _direct(self, scheme: str) -> _Pool:
        context = self._tls() if scheme == "https" else None
        backend = self._backend if self._guard is None else self._backend.checked(partial(self._guard.check, scheme))
        return _Pool(httpcore.ConnectionPool(ssl_context=context, network_backend=backend, **_LIMITS))

    def _proxied(self, proxy: Proxy) -> _Pool:
        auth = None
        if proxy.user is not None and proxy.password is not None:
            self._secrets.add(proxy.password.reveal())
            auth = (proxy.user.reveal().encode(), proxy.password.reveal().encode())
        return _ProxiedPool(
            httpcore.HTTPProxy(
                proxy_url=httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target="/"),
                proxy_auth=auth,
                ssl_context=self._tls(),
                proxy_ssl_context=self._tls() if proxy.scheme == "https" else None,
                network_backend=self._backend,
                **_LIMITS,
            )
        )

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = tls_context(self._environ)
        return self._context


class _Pool(httpx.HTTPTransport):
    """A connection pool with our sockets that sends requests and maps exceptions as the HTTP library's transport does."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:  # the library's would not use our sockets
        self._pool = pool


class _ProxiedPool(_Pool):
    """A pool of connections through a proxy. If it has no connection, the proxy is unreachable, and not the host behind it."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return super().handle_request(request)
        except httpx.ConnectError as error:
            if is_about_tls(error):
                raise
            raise httpx.ProxyError("") from error
