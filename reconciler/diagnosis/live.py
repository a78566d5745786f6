"""The live specs, read once for all checks, and why they could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.diagnosis.subject import Subject
from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError
from reconciler.flowservice.specs import Listing, LiveSpec
from reconciler.secret import Secret


@dataclass(frozen=True, slots=True)
class Live:
    """The lists of both kinds; a list that could not be read is in `errors` instead."""

    listings: dict[Kind, Listing] = field(default_factory=dict)
    errors: dict[Kind, ServiceError] = field(default_factory=dict)

    @property
    def are_known(self) -> bool:
        return not self.errors

    @property
    def specs(self) -> tuple[LiveSpec, ...]:
        return tuple(spec for listing in self.listings.values() for spec in listing.specs)

    def of(self, kind: Kind) -> tuple[LiveSpec, ...]:
        return self.listings[kind].specs if kind in self.listings else ()


def live_specs(subject: Subject) -> Live:
    """Both lists, all pages. Read once: `subject.kept` remembers them."""
    kept = subject.kept.get("live")
    if isinstance(kept, Live):
        return kept
    live = Live()
    for kind in Kind:
        try:
            live.listings[kind] = _listing(subject, kind)
        except ServiceError as error:
            live.errors[kind] = error
    subject.kept["live"] = live
    return live


def _listing(subject: Subject, kind: Kind) -> Listing:
    if not isinstance(subject.probe.token(), Secret):
        raise ServiceError("not asked: there is no access token")
    first = subject.probe.knock()
    if first.answer is None:
        raise first.error
    return subject.reader.list_specs(kind)
