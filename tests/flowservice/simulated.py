"""A clock and a service in memory, for clients that are tested without a network."""

from __future__ import annotations

import random
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import httpx
import msgspec

from reconciler.flowservice.client import SpecWriter
from reconciler.flowservice.connecting import connect
from reconciler.http.clock import Stop
from reconciler.secret import Secret
from reconciler.settings.values import Credentials, Network, OAuthCredentials, Target

BASE_URL = "https://platform.adobe.io/data/foundation/flowservice"
TOKEN_URL = "https://ims-na1.adobelogin.com/ims/token/v3"
CLIENT_SECRET = "p8e-very-secret"
SPEC_ID = "2e8580db-6489-4726-96de-e33f5f60295f"
THEIR_IDS = ("5c1f1f0e-8a3c-4f51-9d0c-3b1f2f6f8d11", "9pEnkVyyWlVNj6xCGJWjnvV8FTJ8JRLI")
"""Ids of requests, as Flow Service and the gateway before it write them."""
FLOW_SPEC_ID = "6499120c-0b15-42dc-936e-847ea3c24d72"

Reply: TypeAlias = "httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]"


class SimulatedClock:
    """Time that passes only while somebody sleeps, or when it is told to."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return 1_700_000_000.0 + self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class Service:
    """Answers the calls of one test from a script, the last line of it again and again; gives out tokens meanwhile."""

    def __init__(self, *script: Reply, tokens: Sequence[Reply] = ()) -> None:
        self.requests: list[httpx.Request] = []
        self.token_requests: list[httpx.Request] = []
        self._lock = threading.Lock()
        self._script = list(script)
        self._tokens = list(tokens)

    def wire(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self.requests]

    def _handle(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            if request.url.host == httpx.URL(TOKEN_URL).host:
                self.token_requests.append(request)
                reply = _next(self._tokens) if self._tokens else granted(f"token-{len(self.token_requests)}")
            else:
                self.requests.append(request)
                reply = _next(self._script)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(request)


def _next(script: list[Reply]) -> Reply:
    reply = script.pop(0) if len(script) > 1 else script[0]
    return _copy(reply) if isinstance(reply, httpx.Response) else reply


def _copy(response: httpx.Response) -> httpx.Response:
    """A response can be read once, and a script's last line is answered often."""
    return httpx.Response(response.status_code, headers=response.headers, content=response.content)


def answer(status: int, body: Any = None, **headers: str) -> httpx.Response:
    """An answer with a JSON body; underscores in names of headers stand for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=b"" if body is None else msgspec.json.encode(body), headers=named)


def raw(status: int, content: bytes, **headers: str) -> httpx.Response:
    return httpx.Response(status, content=content, headers={name.replace("_", "-"): value for name, value in headers.items()})


def unresolved() -> httpx.ConnectError:
    """What the HTTP library raises where a host's name is not known."""
    return _caused(httpx.ConnectError("[Errno -2] Name or service not known"), socket.gaierror(-2, "Name or service not known"))


def untrusted(code: int = 18) -> httpx.ConnectError:
    """What the HTTP library raises where the other side's certificate is not trusted, for OpenSSL's reason with this number."""
    cause = ssl.SSLCertVerificationError("CERTIFICATE_VERIFY_FAILED")
    cause.verify_code = code
    return _caused(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate"), cause)


def _caused(error: httpx.ConnectError, cause: Exception) -> httpx.ConnectError:
    error.__cause__ = cause
    return error


def granted(token: str, expires_in: Any = 86399) -> httpx.Response:
    return answer(200, {"access_token": token, "token_type": "bearer", "expires_in": expires_in})


def spec(spec_id: str = SPEC_ID, **fields: Any) -> dict[str, Any]:
    return {"id": spec_id, "name": "MailChimp Members", "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a"} | fields


def listed(*items: Any, next_href: Any = None, **fields: Any) -> httpx.Response:
    links = {} if next_href is None else {"_links": {"next": {"href": next_href}}}
    return answer(200, {"items": items} | links | fields)


def seeded() -> random.Random:
    return random.Random(7)  # noqa: S311 - jitter and request ids are no secrets


def target(**fields: Any) -> Target:
    values: dict[str, Any] = {
        "name": "stage",
        "base_url": BASE_URL,
        "token_url": TOKEN_URL,
        "org_id": "1234567890@AdobeOrg",
        "sandbox": "dev",
        "scopes": ("openid", "session"),
        "ownership": "marker",
        "emulator": None,
        "host": "platform.adobe.io",
    }
    return Target(**(values | fields))


def client(
    service: Service,
    clock: SimulatedClock | None = None,
    network: Network | None = None,
    credentials: Credentials | None = None,
    stop: Stop | None = None,
    where: Target | None = None,
) -> SpecWriter:
    return connect(
        SpecWriter,
        where or target(),
        credentials or OAuthCredentials("client-1", Secret(CLIENT_SECRET)),
        network or Network(),
        clock=clock or SimulatedClock(),
        rng=seeded(),
        wire=service.wire(),
        stop=stop,
    )
