"""Causes of a difference: drift (live changed), pending (the repository changed), or both.

With base (the body last applied, from git history) the cause is known for each place. Without it, the marker's digests give the cause
for each section. Neither records an import, which writes no marker: what the file already said when another client last wrote live is
`unknown`, not `pending`. For specs without a marker, the cause comes from the dated versions of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final, Protocol

import msgspec

from reconciler.desired.git.history import Relation, Version
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.canonical import same
from reconciler.documents.comparison import Cause, Change
from reconciler.documents.json_text import Document, Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Place, value_at, with_value
from reconciler.documents.pointer import format_pointer, parse_pointer
from reconciler.documents.semantics import SPECIAL_FIELDS, field_of, names_of
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.difference import digest_at, section_digests
from reconciler.planning.comparing.ownership import Marker

_MILLISECONDS: Final = 1000

REPORTED_AS_DRIFT: Final = frozenset({Cause.DRIFT, Cause.BOTH, Cause.UNKNOWN, Cause.UNCONFIRMED})
"""Causes that involve live, and not only the repository. A difference without a record may be drift."""


class History(Protocol):
    """The parts of the repository's history that planning needs. It is passed in; planning itself does no I/O."""

    @property
    def why_not(self) -> str | None: ...

    @property
    def is_shallow(self) -> bool: ...

    def relations(self, commits: Iterable[str]) -> Mapping[str, Relation]: ...

    def base(self, commit: str, kind: Kind, keys: tuple[str, ...], target: str) -> DesiredSpec | None: ...

    def commit_before(self, moment: int, since: str | None) -> str | None: ...

    def versions(self, kind: Kind, keys: tuple[str, ...], target: str) -> tuple[Version, ...]: ...


class Clients(msgspec.Struct, frozen=True):
    """Clients whose writes count as ours: our client id, and the accounts that created specs with it."""

    client_id: str | None
    accounts: frozenset[str]

    def wrote_last(self, live: LiveSpec) -> bool:
        """Whether we wrote this spec last, according to the audit fields."""
        if self.client_id is None or live.updated_client != self.client_id:
            return False
        return not self.accounts or live.updated_by in self.accounts

    def others_wrote_last(self, live: LiveSpec) -> bool:
        """Whether another client or account wrote this spec last, according to the audit fields."""
        return self.client_id is not None and live.updated_client is not None and not self.wrote_last(live)


def our_clients(client_id: str | None, live: Iterable[LiveSpec]) -> Clients:
    """Our client, with every account that it has acted for so far."""
    accounts = {spec.created_by for spec in live if spec.created_client == client_id and spec.created_by}
    return Clients(client_id, frozenset(accounts) if client_id is not None else frozenset())


def base_of(desired: DesiredSpec, marker: Marker | None, history: History, target: str) -> DesiredSpec | None:
    """The file as it was last applied, if history has it and its digests equal those of the marker.

    If the marker has no commit, or a squash merge removed it, a version with these digests is looked up in the file's history.
    """
    if marker is None:
        return None
    file = (desired.kind, (desired.key, *desired.former_keys), target)
    base = history.base(marker.commit, *file) if marker.commit is not None else None
    applied = dict(marker.digests)
    if base is not None and section_digests(base) == applied:
        return base
    return next((version.spec for version in history.versions(*file) if section_digests(version.spec) == applied), None)


class Dated(msgspec.Struct, frozen=True):
    """The desired document, as it is compared, from a commit at `time` (seconds since the epoch)."""

    document: Document
    time: int


def is_younger(time: int, moment: int) -> bool:
    """Whether a commit's time (seconds) is in a later second than `moment`, a service time (milliseconds since the epoch)."""
    return time > moment // _MILLISECONDS


def are_pending(changes: Iterable[Change], live: Document, marker: Marker) -> bool:
    """Whether the marker alone shows that all these changes are pending, so that base need not be read.

    That is so where live has what was applied in each changed section, and the changes replace or remove single values in mappings: then
    base, if there is one, has the live value there, whatever it ignored. `live` is as it was compared, with a file that ignores nothing.
    """
    if marker.dirty or marker.settled or not all(_is_single(live, change.place) for change in changes):
        return False
    sections = {change.place[0] for change in changes}
    return all(digest_at(live, (section,)) == marker.digests.get(section, MISSING) for section in sections)


def _is_single(body: Document, place: Place) -> bool:
    """Whether this place is in mappings only, and has a text, a number or a boolean, in its only spelling."""
    if not SPECIAL_FIELDS.isdisjoint(place) or len(names_of(place[0])) > 1:
        return False
    value: Json = body
    for name in place:
        value = value.get(name) if isinstance(value, dict) else None
    return isinstance(value, str | int | float)


class Evidence(msgspec.Struct, frozen=True):
    """The evidence for the causes of one spec's changes.

    References in the bodies are resolved, except in `as_written`: live in the form of the file, which the digests cover.
    """

    desired: Document
    live: Document
    base: Document | None
    as_written: Document
    digests: Mapping[str, str]
    marker: Marker | None
    ours_last: bool

    def explain(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """The same changes, each with its cause."""
        return tuple(replace(change, cause=change.cause or self._cause(change.place)) for change in changes)

    def doubt(self, changes: tuple[Change, ...], then: Document) -> tuple[Change, ...]:
        """The same changes; pending becomes unknown if the repository had the desired value already at the time of `then`."""
        return tuple(
            replace(change, cause=Cause.UNKNOWN)
            if change.cause is Cause.PENDING and _equal(self.desired, then, change.place)
            else change
            for change in changes
        )

    def by_versions(self, changes: tuple[Change, ...], versions: Sequence[Dated], written_at: int) -> tuple[Change, ...]:
        """The same changes; unknown is resolved by `versions`, newest first. Live was last written at `written_at` (milliseconds)."""
        return tuple(
            replace(change, cause=self._by_versions(change.place, versions, written_at))
            if change.cause is Cause.UNKNOWN
            else change
            for change in changes
        )

    def _by_versions(self, place: Place, versions: Sequence[Dated], written_at: int) -> Cause:
        """Pending if the file got this value after live was written; drift if it never had another."""
        if not versions:
            return Cause.UNKNOWN
        same = list(takewhile(lambda version: _equal(self.desired, version.document, place), versions))
        if not same:  # changed, and not yet committed
            return Cause.PENDING if _equal(self.live, versions[0].document, place) else Cause.UNKNOWN
        if is_younger(same[-1].time, written_at):
            return Cause.PENDING
        if len(same) < len(versions):
            return Cause.UNKNOWN
        return Cause.UNCONFIRMED if self.ours_last else Cause.DRIFT

    def _cause(self, place: Place) -> Cause:
        if self.marker is None:
            return Cause.UNKNOWN
        cause = self._by_base(self.base, place) if self.base is not None else self._by_digest(place[0], self.marker)
        if cause is Cause.DRIFT and self.ours_last and format_pointer(place) not in self.marker.settled:
            return Cause.UNCONFIRMED
        return cause

    def _by_base(self, base: Document, place: Place) -> Cause:
        if field_of(base, place[0]) is None:
            return Cause.PENDING
        if _equal(self.desired, base, place):
            return Cause.DRIFT
        return Cause.PENDING if _equal(self._as_sent(self.live, base), base, place) else Cause.BOTH

    def _as_sent(self, live: Document, base: Document) -> Document:
        """Live, with the values as sent in place of recorded differences (`settled`)."""
        for pointer, known in (self.marker.settled if self.marker else {}).items():
            place = parse_pointer(pointer)
            if place and digest_at(live, place) == known.kept and digest_at(base, place) == known.sent:
                live = with_value(live, place, value_at(base, place))
        return live

    def _by_digest(self, section: str, marker: Marker) -> Cause:
        applied = marker.digests.get(section)
        if applied is None:
            return Cause.PENDING
        if self.digests.get(section) == applied:
            return Cause.DRIFT
        if digest_at(self._as_sent(self.as_written, self.desired), (section,)) != applied:
            return Cause.BOTH
        return Cause.UNKNOWN if marker.dirty else Cause.PENDING  # an uncommitted file may be newer or older than the current one


def combine(causes: Iterable[Cause | None]) -> Cause | None:
    """One cause for an action: `both` if drift and pending meet, else the most important."""
    found = set(causes)
    if {Cause.DRIFT, Cause.PENDING} <= found:
        return Cause.BOTH
    weight = (Cause.BOTH, Cause.DRIFT, Cause.UNKNOWN, Cause.UNCONFIRMED, Cause.PENDING, Cause.OWNERSHIP)
    return next((cause for cause in weight if cause in found), None)


def _equal(one: Document, other: Document, place: Place) -> bool:
    first, second = (
        MISSING if value is None and len(place) == 1 else value for value in (value_at(one, place), value_at(other, place))
    )
    if first is MISSING or second is MISSING:
        return first is second
    return same(first, second, place)
