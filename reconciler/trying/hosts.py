"""Which hosts a trial may call, and which of them may get its secrets.

A pull request can change the spec and proof.yaml alike, so neither decides where a secret goes: the environment does, in
RECONCILER_PROOF_HOSTS, or a person at a terminal. Each address is checked again at the moment of the connection to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.errors import SettingsError
from reconciler.http.network.guarding import AddressRefused
from reconciler.http.urls import PORTS, Place, UnclearUrl, sendable
from reconciler.trying.guards.addresses import Reach, reach_of

VARIABLE: Final = "RECONCILER_PROOF_HOSTS"
_HTTPS_ONLY: Final = "write an https URL into the spec; for a stub on this machine, use --allow-local"
_SHARED: Final = frozenset(
    {
        "amazonaws.com", "appspot.com", "azure-api.net", "azureedge.net", "azurewebsites.net", "blogspot.com", "cloudflareapps.com",
        "cloudfront.net", "fastly.net", "firebaseapp.com", "fly.dev", "github.io", "gitlab.io", "herokuapp.com", "netlify.app",
        "ngrok.app", "ngrok.io", "ngrok-free.app", "onrender.com", "pages.dev", "pythonanywhere.com", "railway.app", "run.app",
        "trycloudflare.com", "vercel.app", "web.app", "windows.net", "workers.dev",
    }
)  # fmt: skip
"""Domains below which anybody can get a name: the best known, by no means all."""
_SECOND_LEVEL: Final = frozenset({"ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "mil", "ne", "net", "nom", "or", "org"})
_COUNTRY: Final = 2


@dataclass(frozen=True, slots=True)
class Pattern:
    """One entry of the list: a host, or with `below` every host below it. `port` None is the default port, or any for this machine."""

    host: str
    port: int | None = None
    below: bool = False

    def covers(self, place: Place) -> bool:
        """Whether this entry names a place."""
        same = place.host.endswith(f".{self.host}") if self.below else place.host == self.host
        if self.port is not None:
            return same and place.port == self.port
        return same and (place.port == PORTS[place.scheme] or _is_here(place.host))


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that may get secrets."""

    patterns: tuple[Pattern, ...]

    def cover(self, place: Place) -> bool:
        """Whether an entry covers this place."""
        return any(pattern.covers(place) for pattern in self.patterns)

    def name(self, place: Place) -> bool:
        """Whether an entry without `*` covers this place."""
        return any(pattern.covers(place) for pattern in self.patterns if not pattern.below)


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked: whether this host may get the values of these variables."""

    host: str
    variables: tuple[str, ...]


Ask: TypeAlias = Callable[[Question], bool]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a guard refuses, and the next step."""

    reason: str
    hint: str


def hosts_in(environ: Mapping[str, str]) -> Hosts | None:
    """The list in RECONCILER_PROOF_HOSTS; None if it is not set or empty. Raises SettingsError for an entry that is not valid."""
    entries = [entry for entry in re.split(r"[\s,]+", environ.get(VARIABLE, "")) if entry]
    return Hosts(tuple(_pattern(entry) for entry in entries)) if entries else None


def _pattern(entry: str) -> Pattern:
    below = entry.startswith("*.")
    host = entry.removeprefix("*.")
    form = f"write hosts such as api.example.com, *.api.example.com or api.example.com:8443 into {VARIABLE}, separated by commas"
    if re.search(r"[/?#@*]", host):
        raise SettingsError(f"{VARIABLE}: '{entry[:120]}' is not a host", hint=form)
    try:
        place = sendable(f"https://{host}/").place
    except UnclearUrl as error:
        raise SettingsError(f"{VARIABLE}: '{entry[:120]}' is not valid: {error.reason}", hint=form) from None
    if below and (place.is_address or _belongs_to_many(place.host)):
        raise SettingsError(
            f"{VARIABLE}: '{entry}' matches hosts of different owners", hint="name the host, or the domain of its owner"
        )
    return Pattern(place.host, place.port if re.search(r":\d+$", host) else None, below)


def _belongs_to_many(domain: str) -> bool:
    """Whether the names below a domain belong to different owners."""
    labels = domain.split(".")
    if len(labels) == 1 or domain in _SHARED or any(domain.endswith(f".{shared}") for shared in ("amazonaws.com", "windows.net")):
        return True
    return len(labels) == 2 and len(labels[1]) == _COUNTRY and labels[0] in _SECOND_LEVEL  # noqa: PLR2004 - `co.uk`


def _is_here(host: str) -> bool:
    return host == "localhost" or reach_of(host) is Reach.LOOPBACK


class HostGuard:
    """Decides for each host, and for each of its addresses. `variables` are the environment variables whose values are in use."""

    def __init__(
        self, hosts: Hosts | None, variables: Sequence[str], *, allow_local: bool = False, ask: Ask | None = None
    ) -> None:
        self._hosts = hosts
        self._variables = tuple(variables)
        self._allow_local = allow_local
        self._ask = ask
        self._confirmed: set[Place] = set()
        self._has_asked = False

    def refusal(self, place: Place, *, proxied: bool) -> Refusal | None:
        """Why no request may be sent to this place; None if it may. May ask, at most once."""
        if place.scheme != "https" and not self._allow_local:
            return Refusal(f"{place} would be called over http, which is not encrypted", _HTTPS_ONLY)
        if place.is_address and (refused := self._unreachable(place.scheme, place.host, place.host)) is not None:
            return refused
        if not (self._variables or proxied) or self._is_allowed(place):
            return None
        return self._unlisted(place, proxied=proxied)

    def is_named(self, place: Place) -> bool:
        """Whether somebody who may decide named exactly this place, so that it may get secrets whatever led there."""
        return place in self._confirmed or (self._hosts is not None and self._hosts.name(place))

    def check(self, scheme: str, host: str, address: str) -> None:
        """Raises AddressRefused unless this address of a host may be connected to."""
        if (refused := self._unreachable(scheme, host, address)) is not None:
            raise AddressRefused(host, refused.reason, refused.hint)

    def check_proxied(self, scheme: str, host: str, addresses: Sequence[str] | None) -> None:
        """Raises AddressRefused if a host behind a proxy has an address that is not allowed.

        The proxy makes its own look-up, so a host that only the proxy knows is one that RECONCILER_PROOF_HOSTS, or a person, vouches for.
        It is not called over http, because it may be a public one.
        """
        if scheme != "https" and not addresses:
            raise AddressRefused(host, f"{host} would be called over http, and its address is not known here", _HTTPS_ONLY)
        for address in addresses or ():
            self.check(scheme, host, address)

    def _is_allowed(self, place: Place) -> bool:
        if self._hosts is not None:
            return self._hosts.cover(place)
        if self._ask is not None and not self._has_asked:
            self._has_asked = True
            if self._ask(Question(str(place), self._variables)):
                self._confirmed.add(place)
        return place in self._confirmed

    def _unlisted(self, place: Place, *, proxied: bool) -> Refusal:
        reason = f"{place} is not in {VARIABLE}" if self._hosts is not None else f"{VARIABLE} is not set"
        if self._variables:
            reason += f", so {'it' if self._hosts is not None else place} does not get {', '.join(self._variables)}"
        elif proxied:
            reason += f", and behind a proxy the address of {place} cannot be checked"
        listed = str(place) if self._hosts is None else f"${VARIABLE},{place}"
        where = (
            f"in GitHub Actions, under env: {VARIABLE}: {place}"
            if self._hosts is None
            else "in GitHub Actions, add it under env:"
        )
        return Refusal(reason, f'if {place} belongs to the third party: export {VARIABLE}="{listed}"; {where}')

    def _unreachable(self, scheme: str, host: str, address: str) -> Refusal | None:
        reach = reach_of(address)
        what = host if host == address else f"{host} ({address})"
        if reach.is_local:
            return (
                None
                if self._allow_local
                else Refusal(f"{what} is {reach}", "for a stub on this machine or its network, use --allow-local")
            )
        if reach is not Reach.PUBLIC:
            return Refusal(f"{what} is {reach}", "check the host in the spec and its DNS records")
        return (
            Refusal(f"{what} would be called over http, and it is not on this machine or its network", _HTTPS_ONLY)
            if scheme != "https"
            else None
        )
