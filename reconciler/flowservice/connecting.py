"""Creates a client for a target: connections, credentials and retries."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol, TypeVar

from reconciler.errors import SettingsError
from reconciler.flowservice.credentials import FixedToken, RenewedToken, TokenSource
from reconciler.flowservice.session import FlowServiceSession
from reconciler.flowservice.sharing import SharedClient, SharedClients
from reconciler.flowservice.token_endpoint import TokenEndpoint
from reconciler.http.clock import Clock, Stop
from reconciler.http.pause import Pace
from reconciler.http.retrying import Caller, Dependencies
from reconciler.http.secrets.known_secrets import KnownSecrets
from reconciler.http.transport import Transport, Wire
from reconciler.settings.credentials import EMULATOR_CLIENT
from reconciler.settings.values import Credentials, Network, OAuthCredentials, Target


class Client(Protocol):
    """A client of one session, such as a SpecReader."""

    def __init__(self, session: FlowServiceSession) -> None: ...


C = TypeVar("C", bound=Client)

_SHORTEST_CLIENT_ID: Final = 12
"""Adobe's have 32 characters. A shorter name, such as that of a test server, may occur in ordinary messages."""
_HEADER_SAFE: Final = re.compile(r"[\x21-\x7e]+")


def connect(
    client: type[C],
    target: Target,
    credentials: Credentials,
    network: Network,
    *,
    clock: Clock,
    rng: random.Random,
    wire: Wire | SharedClients | None = None,
    stop: Stop | None = None,
) -> C:
    """A client of this class: a SpecReader, which cannot write, or a SpecWriter. Nothing is sent before its first call.

    `wire` replaces the network, or has the connections that other targets of the run use, too; `stop`, once set, ends waits between tries.
    Raises SettingsError for credentials or settings that are not valid in a header.
    """
    _check_credentials(target, credentials)
    if isinstance(wire, SharedClients):
        own = partial(Dependencies, network=network, clock=clock, rng=rng, stop=stop)
        make = partial(_shared_client, target, credentials, wire, own)
        one = wire.of(target, credentials, make)
        dependencies = own(one.transport)
    else:
        dependencies = Dependencies(Transport(clock, wire), network, clock, rng, stop)
        one = _client_of(target, credentials, dependencies, Pace())
    session = FlowServiceSession(
        target=target,
        client_id=credentials.api_key,
        tokens=one.tokens,
        caller=Caller(dependencies, one.pace),
        dependencies=dependencies,
        shares_transport=isinstance(wire, SharedClients),
    )
    one.pace.begin(session)
    return client(session)


def _check_credentials(target: Target, credentials: Credentials) -> None:
    _check_header(target.org_id, f"org_id of the target {target.name}")
    _check_header(target.sandbox, f"sandbox of the target {target.name}")
    _check_header(credentials.api_key, "the client id (RECONCILER_CLIENT_ID or RECONCILER_API_KEY)")


def _shared_client(
    target: Target, credentials: Credentials, shared: SharedClients, made: Callable[[Transport], Dependencies]
) -> SharedClient:
    dependencies = made(Transport(shared.clock, shared.wire))
    pace = shared.pace(target, credentials, dependencies.network.concurrency)
    return _client_of(target, credentials, dependencies, pace)


def _client_of(target: Target, credentials: Credentials, dependencies: Dependencies, pace: Pace) -> SharedClient:
    if target.emulator is None and len(credentials.api_key) >= _SHORTEST_CLIENT_ID:
        dependencies.transport.secrets.add(credentials.api_key, in_documents=False)
    return SharedClient(dependencies.transport, pace, _tokens(target, credentials, dependencies))


def _tokens(target: Target, credentials: Credentials, dependencies: Dependencies) -> TokenSource:
    """The token source. The token endpoint is another host, so it has its own pause."""
    # the embedded service's credentials are not secret
    secrets = dependencies.transport.secrets if target.emulator is None else KnownSecrets()
    if isinstance(credentials, OAuthCredentials):
        if credentials.client_secret.reveal() != EMULATOR_CLIENT:
            secrets.add(credentials.client_secret.reveal())
        endpoint = TokenEndpoint(target, credentials, Caller(dependencies), dependencies.rng, secrets)
        return RenewedToken(endpoint.fetch, dependencies.clock, endpoint.name)
    _check_header(credentials.access_token.reveal(), "the access token (RECONCILER_ACCESS_TOKEN)")
    secrets.add(credentials.access_token.reveal())
    return FixedToken(credentials.access_token)


def _check_header(value: str, what: str) -> None:
    """Reject a value that is not valid in a header before anything is sent. The value is not shown: it may be a secret."""
    if not _HEADER_SAFE.fullmatch(value):
        raise SettingsError(
            f"{what} is empty, or contains a space, a line break or a character that is not valid in a header",
            hint="set it again without quotes and line breaks, for example with printf instead of echo",
        )
