"""What proofs left at Adobe: found by name and description in complete lists, and by the ids of journals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.resources import DELETED_IN_ORDER, Resource, ResourceType
from reconciler.errors import ServiceError
from reconciler.proving.journal.reading import MadeResource
from reconciler.proving.naming import PREFIX, Ours, began_at, may_be_ours, named, ours
from reconciler.proving.report import LeftOver
from reconciler.proving.waiting import in_words

NOT_OURS: Final = "its name and description do not say, or no longer say, that a proof of this repository made it"
_UNREADABLE: Final = "the list shows it in a form that cannot be read, so it cannot be deleted"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose resources are deleted: those that proofs of this repository made in this sandbox, for one key or for all."""

    repository: str
    sandbox: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which resources of an owner are deleted: those of one run, or with "all" those of each run that began `older_than` ago."""

    of: Owner
    runs: str
    older_than: timedelta

    def whose(self, resource: Resource) -> Ours | None:
        """The proof that made a resource, if it is this owner's. A journal does not count: it may be forged."""
        found = ours(resource, self.of.repository, self.of.sandbox)
        return found if found is not None and self.of.key in {None, found.key} else None

    def covers(self, proof: Ours) -> bool:
        """Whether what this proof made is to be deleted, whatever its age. What is kept for the next proof is not."""
        return proof.run is not None and self.runs in {"all", proof.run}


@dataclass(slots=True)
class Leftovers:
    """What was found. `doubtful` cannot be told or must stay; `spared` is too young; `unseen` may still show up."""

    found: dict[tuple[ResourceType, str], Resource] = field(default_factory=dict)
    unseen: list[MadeResource] = field(default_factory=list)
    was_gone: list[MadeResource] = field(default_factory=list)
    doubtful: list[LeftOver] = field(default_factory=list)
    spared: list[LeftOver] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    known: dict[tuple[ResourceType, str], MadeResource] = field(default_factory=dict)


def find_leftovers(reader: ProofReader, wanted: Wanted, known: Collection[MadeResource], now: float) -> Leftovers:
    """Look for everything that is to be deleted. What cannot be read is doubtful, and does not stop the rest.

    `now` is in seconds since the epoch: what is not there and was made a moment ago may still show up.
    """
    search = _Search(reader, wanted, Leftovers(), now)
    search.leftovers.known = {(one.type, one.id): one for one in known if one.id is not None}
    for kind in DELETED_IN_ORDER:
        search.look(kind, [one for one in known if one.type == kind])
    return search.leftovers


@dataclass(slots=True)
class _Search:
    reader: ProofReader
    wanted: Wanted
    leftovers: Leftovers
    now: float

    def look(self, kind: ResourceType, known: list[MadeResource]) -> None:
        """Look for the resources of one type: those listed, then those that only a journal has."""
        listed = {resource.id: resource for resource in self._listed(kind, has_known=bool(known))}
        for resource in listed.values():
            if may_be_ours(resource.name) or (kind, resource.id) in self.leftovers.known:
                self._consider(resource)
        for made in known:
            if made.id is None:
                if not self._is_found(made) and self._is_wanted(made):
                    self.leftovers.unseen.append(made)
            elif made.id not in listed:
                self._get(kind, made.id, made.name)

    def _is_found(self, made: MadeResource) -> bool:
        """Whether what a lost POST made is listed; a resource of somebody else, or of the next POST, may have the same name."""
        return any(
            (one.type, one.name) == (made.type, made.name) and (one.type, one.id) not in self.leftovers.known
            for one in self.leftovers.found.values()
        )

    def _is_wanted(self, made: MadeResource) -> bool:
        proof = named(made.name)
        if proof is None or self.wanted.of.key not in {None, proof.key} or not self.wanted.covers(proof):
            return False
        return self.wanted.runs != "all" or not self._younger(proof.run or "")

    def _listed(self, kind: ResourceType, *, has_known: bool) -> tuple[Resource, ...]:
        try:
            listing = self.reader.listing(kind)
        except ServiceError as error:
            self._unlisted(kind, error, has_known=has_known)
            return ()
        for item in listing.odd:
            if PREFIX.encode() in item.replace(b"\\/", b"/"):
                self.leftovers.doubtful.append(LeftOver(kind, "", PREFIX, _UNREADABLE))
        return listing.resources

    def _unlisted(self, kind: ResourceType, error: ServiceError, *, has_known: bool) -> None:
        """A list that may not be viewed hides nothing that this credential made; any other failure may hide a leftover."""
        if error.status == HTTPStatus.FORBIDDEN and not has_known:
            self.leftovers.warnings.append(f"no permission to list each {kind}: {error.message}")
        else:
            self.leftovers.doubtful.append(LeftOver(kind, "", PREFIX, f"the list cannot be read: {error.message}"))

    def _consider(self, resource: Resource) -> None:
        """A listed resource whose name may be ours. Lists of schemas have no descriptions, so such a one is read."""
        if resource.description:
            self._sort(resource)
        else:
            self._get(resource.type, resource.id, resource.name)

    def _get(self, kind: ResourceType, resource_id: str, name: str) -> None:
        made = self.leftovers.known.get((kind, resource_id))
        try:
            resource = self.reader.get(kind, resource_id)
        except ServiceError as error:
            self.leftovers.doubtful.append(LeftOver(kind, resource_id, name, f"it cannot be read: {error.message}"))
            return
        if resource is not None:
            self._sort(resource)
        elif made is not None:
            is_new = self.now - made.at < self.reader.lags_for
            (self.leftovers.unseen if is_new else self.leftovers.was_gone).append(made)

    def _sort(self, resource: Resource) -> None:
        made = self.leftovers.known.get((resource.type, resource.id))
        proof = self.wanted.whose(resource)
        if proof is None:
            if made is not None and self._is_wanted(made):
                self.leftovers.doubtful.append(LeftOver(resource.type, resource.id, made.name, NOT_OURS))
        elif self.wanted.covers(proof):
            self._choose(resource, proof.run or "")

    def _choose(self, resource: Resource, run: str) -> None:
        if self.wanted.runs == "all" and (young := self._younger(run)):
            self.leftovers.spared.append(LeftOver(resource.type, resource.id, resource.name, young))
        else:
            self.leftovers.found[resource.type, resource.id] = resource

    def _younger(self, run: str) -> str:
        """Why a run is too young; empty if it is not."""
        began = began_at(run)
        if began is None or self.reader.now() - began >= self.wanted.older_than:
            return ""
        return f"its run began less than {in_words(self.wanted.older_than.total_seconds())} ago"


def in_order(resource: Resource) -> tuple[int, str, str]:
    """The sort key of the order in which the service lets resources go."""
    return DELETED_IN_ORDER.index(resource.type), resource.name, resource.id
