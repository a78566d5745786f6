"""Compare the sandboxes of each organization with those in the settings. Nothing is added anywhere."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from reconciler.diagnosis.checks.sandboxes import ALL_SANDBOXES, Sandboxes, every_sandbox
from reconciler.diagnosis.gates import why_not
from reconciler.diagnosis.probing import Probe
from reconciler.errors import ReconcilerError, SettingsError
from reconciler.flowservice.connecting import connect
from reconciler.http.clock import Stop
from reconciler.http.transport import Wire
from reconciler.sessions.embedding import embedded_service
from reconciler.settings.credentials import credentials_for
from reconciler.settings.discovered import Discovered, GoneSandbox, NewSandbox, NotAsked
from reconciler.settings.targets import Settings
from reconciler.settings.values import Credentials, Network, Target

_NOT_THERE: Final = frozenset({"deleted", "failed"})
"""States of a sandbox that cannot be used, and never again."""
_Organization: TypeAlias = tuple[str, str, Path | None]
"""Host, organization, and the database of an embedded service."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The answer for the targets of one client in an organization."""

    targets: tuple[Target, ...]
    listed: Sandboxes | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class DiscoveryMeans:
    """What the services are asked with. `wire` replaces the network."""

    environ: Mapping[str, str]
    network: Network
    stop: Stop
    wire: Wire | None = None


def discover(means: DiscoveryMeans, settings: Settings, chosen: Sequence[Target]) -> tuple[Discovered, ...]:
    """Each organization of the chosen targets, in their order. Each client is asked once in an organization, as its first target.

    A sandbox is new if no target of the settings has it, chosen or not. Never raises for what is missing or for what a service answers.
    """
    by_organization: dict[_Organization, list[Target]] = {}
    for target in chosen:
        by_organization.setdefault(_organization(target), []).append(target)
    known = _known(settings, means.environ)
    return tuple(
        _compared(place, [_asked(means, group) for group in _by_client(means, targets)], known.get(place, frozenset()))
        for place, targets in by_organization.items()
    )


def _organization(target: Target) -> _Organization:
    return target.host, target.org_id, target.emulator


def _known(settings: Settings, environ: Mapping[str, str]) -> dict[_Organization, frozenset[str]]:
    """The sandboxes that targets of the settings have in each organization; a target that is incomplete here has none."""
    known: dict[_Organization, frozenset[str]] = {}
    for name in settings.targets:
        try:
            target = settings.target(name, environ)
        except SettingsError:
            continue
        place = _organization(target)
        known[place] = known.get(place, frozenset()) | {target.sandbox}
    return known


def _by_client(means: DiscoveryMeans, targets: Iterable[Target]) -> list[tuple[tuple[Target, ...], Credentials | str]]:
    """The targets that share a client, with its credentials; those without usable credentials, with the reason of the first."""
    found: dict[str, tuple[list[Target], Credentials]] = {}
    without: list[Target] = []
    reason = ""
    for target in targets:
        try:
            credentials = credentials_for(target, means.environ)
        except SettingsError as error:
            without.append(target)
            reason = reason or error.message
        else:
            found.setdefault(credentials.api_key, ([], credentials))[0].append(target)
    groups: list[tuple[tuple[Target, ...], Credentials | str]] = [(tuple(some), held) for some, held in found.values()]
    return [*groups, (tuple(without), reason)] if without else groups


def _asked(means: DiscoveryMeans, group: tuple[tuple[Target, ...], Credentials | str]) -> Listing:
    targets, credentials = group
    if isinstance(credentials, str):
        return Listing(targets, None, credentials)
    try:
        with embedded_service(targets[0]) as embedded:
            rng = random.Random()  # noqa: S311 - jitter
            wire = means.wire or embedded.wire
            probe = connect(
                Probe, targets[0], credentials, means.network, clock=embedded.clock, rng=rng, wire=wire, stop=means.stop
            )
            try:
                return _listing(targets, probe)
            finally:
                probe.close()
    except ReconcilerError as error:
        return Listing(targets, None, error.message)


def _listing(targets: tuple[Target, ...], probe: Probe) -> Listing:
    listed = every_sandbox(probe)
    if isinstance(listed, Sandboxes):
        return Listing(targets, listed)
    token = probe.token()
    if isinstance(token, ReconcilerError):
        return Listing(targets, None, token.message)
    return Listing(targets, None, "the list of sandboxes has an unexpected form" if listed.is_success else why_not(listed))


def _compared(place: _Organization, listings: Sequence[Listing], known: frozenset[str]) -> Discovered:
    new: dict[str, NewSandbox] = {}
    gone: list[GoneSandbox] = []
    not_asked: list[NotAsked] = []
    for listing in listings:
        names = tuple(target.name for target in listing.targets)
        if listing.listed is None:
            not_asked.append(NotAsked(names, listing.why_not))
            continue
        found = {one.name: one for one in listing.listed.found if one.state.lower() not in _NOT_THERE}
        new |= {name: NewSandbox(name, one.type, one.state) for name, one in found.items() if name not in known}
        if not listing.listed.complete:
            not_asked.append(NotAsked(names, "the list of sandboxes is incomplete"))
            continue
        certain = listing.listed.seen.call.path == ALL_SANDBOXES.path
        gone += [GoneSandbox(one.name, one.sandbox, certain) for one in listing.targets if one.sandbox not in found]
    host, org_id, _ = place
    return Discovered(host, org_id, tuple(new[name] for name in sorted(new)), tuple(gone), tuple(not_asked))
