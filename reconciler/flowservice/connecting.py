"""Creates a client for a target: connections, credentials and retries."""

from __future__ import annotations

import random
import re
from typing import Final, Protocol, TypeVar

from reconciler.errors import SettingsError
from reconciler.flowservice.credentials import FixedToken, RenewedToken, TokenSource
from reconciler.flowservice.session import FlowServiceSession
from reconciler.flowservice.token_endpoint import TokenEndpoint
from reconciler.http.clock import Clock, Stop
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
    wire: Wire | None = None,
    stop: Stop | None = None,
) -> C:
    """A client of this class: a SpecReader, which cannot write, or a SpecWriter. Nothing is sent before its first call.

    `wire` replaces the network; `stop`, once set, ends waits between tries. Raises SettingsError for credentials or settings that are not
    valid in a header.
    """
    dependencies = Dependencies(Transport(clock, wire), network, clock, rng, stop)
    return client(_session(target, credentials, dependencies))


def _session(target: Target, credentials: Credentials, dependencies: Dependencies) -> FlowServiceSession:
    _check_header(target.org_id, f"org_id of the target {target.name}")
    _check_header(target.sandbox, f"sandbox of the target {target.name}")
    _check_header(credentials.api_key, "the client id (RECONCILER_CLIENT_ID or RECONCILER_API_KEY)")
    if target.emulator is None and len(credentials.api_key) >= _SHORTEST_CLIENT_ID:
        dependencies.transport.secrets.add(credentials.api_key, in_documents=False)
    return FlowServiceSession(
        target=target,
        client_id=credentials.api_key,
        tokens=_tokens(target, credentials, dependencies),
        caller=Caller(dependencies),
        dependencies=dependencies,
    )


def _tokens(target: Target, credentials: Credentials, dependencies: Dependencies) -> TokenSource:
    """The token source. The token endpoint is another host, so it has its own pause."""
    # the embedded service's credentials are not secret
    secrets = dependencies.transport.secrets if target.emulator is None else KnownSecrets()
    if isinstance(credentials, OAuthCredentials):
        if credentials.client_secret.reveal() != EMULATOR_CLIENT:
            secrets.add(credentials.client_secret.reveal())
        endpoint = TokenEndpoint(target, credentials, Caller(dependencies), dependencies.rng, secrets)
        return RenewedToken(endpoint.fetch, dependencies.clock)
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
