"""Deletes what proofs made: in the order in which the service lets it go, each DELETE proved by a GET that does not find it any longer.

A resource is read just before it is deleted, and left alone unless its name and description still say that it is ours. What the service
refuses for now is tried again; a resource that cannot be deleted does not stop the others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final, Literal, Protocol

from reconciler.dataflows.calling import error_number
from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.dataflows.resources import Resource
from reconciler.errors import AnswerLost, RefusedForNow, ServiceError, ServiceUnreachable, SpecNotFound
from reconciler.http.clock import Clock, Stop
from reconciler.proving.journal.reading import MadeResource
from reconciler.proving.journal.writing import Deletion
from reconciler.proving.leftovers import NOT_OURS, Leftovers, Owner, Wanted, find_leftovers, in_order
from reconciler.proving.report import LeftOver

PATIENCE: Final = 300.0
"""Seconds that a clean-up waits in all, for references to vanish and for lists and GETs to catch up."""
_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 60.0
_PIECE: Final = 1.0
"""Seconds of a wait after which a stop is looked for."""
_BUSY: Final = frozenset({1416, 1417, 1418, 1447})
"""Refusals that pass: a connection is in use, flows are active, or the state is changing (docs: Flow Service errors)."""
_IN_USE: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT})
"""How services without such codes refuse to delete what something else uses."""
_STILL_USED: Final = 60.0
"""Seconds after a deletion in which such a refusal may be because of it: references vanish later than what refers."""

_STILL_THERE: Final = "the service still shows it after its DELETE"
_NOT_THERE_YET: Final = "the service does not find it, but it was made or listed a moment ago"
_MAY_APPEAR: Final = "the answer to its POST was lost, and it may still appear"
_ONLY_LISTED: Final = "a list still shows it, and a read by its id does not, so it is not known whether it is gone"
_STOPPED: Final = "a stop was requested"


class Stages(Protocol):
    """Receives progress."""

    def step(self, message: str) -> None:
        """A new stage, or a wait of some seconds, has begun."""


class Deletions(Protocol):
    """The part of the journal that the clean-up writes."""

    def deleted(self, resource: LeftOver, outcome: Deletion) -> None:
        """What the clean-up came to for one resource."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A resource that a GET does not find any longer; `was_gone` means that it had been deleted before."""

    type: str
    id: str
    name: str
    outcome: Literal["gone", "was_gone"]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a clean-up came to. `spared` is too young and may belong to a running proof; `warnings` are about what could not be listed."""

    gone: tuple[Gone, ...]
    left: tuple[LeftOver, ...]
    spared: tuple[LeftOver, ...] = ()
    warnings: tuple[str, ...] = ()


def clean(  # noqa: PLR0913 - what it depends on is passed in by name
    cleaner: ProofCleaner,
    of: Owner,
    runs: str,
    older_than: float,
    *,
    known: Collection[MadeResource] = (),
    clock: Clock,
    stop: Stop | None = None,
    progress: Stages,
    journal: Deletions | None = None,
) -> Cleaned:
    """Delete what one run of an owner made, or with "all" what each run made that began `older_than` seconds ago or earlier.

    `known` is what journals say that they made. Waits half a second between two rounds, then twice as long up to a minute, from the
    beginning after each round in which something went, and at most `PATIENCE` seconds in all. Once `stop` is set, nothing more is sent, and
    what remains is left. Errors of the service are reasons in the result.
    """
    progress.step("looking for what proofs made")
    wanted = Wanted(of, runs, timedelta(seconds=older_than))
    began = clock.now()
    leftovers = find_leftovers(cleaner, wanted, known, began)
    work = _Cleaning(cleaner, wanted, leftovers, clock, stop, progress, journal, began)
    return work.everything()


def look(cleaner: ProofCleaner, of: Owner, runs: str, older_than: float, known: Collection[MadeResource] = ()) -> Cleaned:
    """What `clean` would delete, as what is left; sends only GETs. What cannot be told is a warning."""
    now = cleaner.now().timestamp()
    leftovers = find_leftovers(cleaner, Wanted(of, runs, timedelta(seconds=older_than)), known, now)
    found = [_left(resource, "") for resource in sorted(leftovers.found.values(), key=in_order)]
    doubts = [f"{one.type} {one.name}: {one.reason}" for one in leftovers.doubtful]
    return Cleaned((), tuple(found), tuple(leftovers.spared), (*leftovers.warnings, *doubts))


@dataclass(slots=True)
class _Item:
    """One resource to delete; `deleted` is whether a DELETE may have reached it, `why` why it is still there."""

    resource: Resource
    deleted: bool = False
    why: str = ""


@dataclass(slots=True)
class _Cleaning:
    cleaner: ProofCleaner
    wanted: Wanted
    leftovers: Leftovers
    clock: Clock
    stop: Stop | None
    progress: Stages
    journal: Deletions | None
    began: float
    items: list[_Item] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    left: list[LeftOver] = field(default_factory=list)
    last_gone: float = float("-inf")
    """When something was last deleted, by the monotonic clock."""

    def everything(self) -> Cleaned:
        for made in self.leftovers.was_gone:
            self._is_gone(made.type, made.id or "", made.name, "was_gone")
        for doubtful in self.leftovers.doubtful:
            self._is_left(doubtful)
        self.items = [_Item(resource) for resource in sorted(self.leftovers.found.values(), key=in_order)]
        left, seconds = PATIENCE, _FIRST_WAIT
        while True:
            due = len(self.items)
            self._round()
            if self._is_done() or self._is_stopped() or not left:
                break
            if len(self.items) < due:  # what is gone may be what the next ones waited for
                seconds = _FIRST_WAIT
            seconds = min(seconds, left)
            self._wait(seconds)
            left, seconds = left - seconds, min(seconds * 2, _LONGEST_WAIT)
        self._give_up()
        return Cleaned(tuple(self.gone), tuple(self.left), tuple(self.leftovers.spared), tuple(self.leftovers.warnings))

    def _is_done(self) -> bool:
        return not self.items and not self.leftovers.unseen

    def _is_stopped(self) -> bool:
        return self.stop is not None and self.stop.is_set()

    def _round(self) -> None:
        """Try each resource once, flows first."""
        self.leftovers.unseen = [made for made in self.leftovers.unseen if not self._has_appeared(made)]
        waiting: list[_Item] = []
        for item in self.items:
            if self._is_stopped() or not self._settled(item, is_first=not waiting):
                waiting.append(item)
        self.items = waiting

    def _settled(self, item: _Item, *, is_first: bool) -> bool:
        """Whether a resource needs no other round: it is gone, or it is left for good.

        A resource is not left for good while one before it still waits, or went just now, because that one may be why it was refused.
        """
        resource = item.resource
        self.progress.step(f"deleting {resource.type} {resource.name}")
        try:
            return self._tried(item)
        except ServiceError as error:
            item.why = error.message
            if _passes(error) or (error.status in _IN_USE and (not is_first or self._may_be_used())):
                return False
        self._is_left(_left(resource, item.why))
        return True

    def _may_be_used(self) -> bool:
        """Whether something was deleted so lately that the service may still count it as a user of others."""
        return self.clock.monotonic() - self.last_gone < _STILL_USED

    def _tried(self, item: _Item) -> bool:
        """Read, delete, and read again. Raises ServiceError."""
        kind, resource_id, name = item.resource.type, item.resource.id, item.resource.name
        live = self.cleaner.get(kind, resource_id)
        if live is not None:
            if self.wanted.whose(live) is None:
                self._is_left(_left(item.resource, NOT_OURS))
                return True
            self._delete(item)
            live = self.cleaner.get(kind, resource_id)
        if live is not None or (not item.deleted and self._is_new(item.resource)):
            item.why = item.why or (_STILL_THERE if live else _NOT_THERE_YET)
            return False
        if not item.deleted and any(one.id == resource_id for one in self.cleaner.find(kind, name)):
            item.why = _ONLY_LISTED
            return False
        if item.deleted:
            self.last_gone = self.clock.monotonic()
        self._is_gone(kind, resource_id, name, "gone" if item.deleted else "was_gone")
        return True

    def _is_new(self, resource: Resource) -> bool:
        """Whether a GET may not find this resource yet. When one without a journal was made is not known: the list has it now."""
        made = self.leftovers.known.get((resource.type, resource.id))
        since = self.began if made is None else min(made.at, self.began)
        return self.clock.now() - since < self.cleaner.lags_for

    def _delete(self, item: _Item) -> None:
        """Send the DELETE; a lost one may have happened. Raises ServiceError if it was refused."""
        item.why = ""
        try:
            self.cleaner.delete(item.resource.type, item.resource.id)
            item.deleted = True
        except SpecNotFound:
            return
        except AnswerLost as error:
            item.deleted, item.why = True, error.message

    def _has_appeared(self, made: MadeResource) -> bool:
        """Whether a resource whose POST was lost needs no other look: it showed up, or it can no longer do so."""
        if self._is_stopped():
            return False
        too_late = self.clock.now() - made.at >= self.cleaner.lands_within
        try:
            listed = self.cleaner.find(made.type, made.name)
            new = [one for one in listed if one.id == made.id or (one.type, one.id) not in self.leftovers.known]
            found = [live for one in new if (live := self.cleaner.get(one.type, one.id)) and self.wanted.whose(live)]
        except ServiceError as error:
            if not _passes(error):
                self._is_left(LeftOver(made.type, "", made.name, f"{_MAY_APPEAR}; {error.message}"))
            return not _passes(error)
        self.items = sorted([*self.items, *map(_Item, found)], key=lambda item: in_order(item.resource))
        if not found and too_late:
            self._is_gone(made.type, made.id or "", made.name, "was_gone")
        return bool(found) or too_late

    def _wait(self, seconds: float) -> None:
        """Wait with progress, until a stop is requested."""
        why = next((item.why for item in self.items if item.why), _MAY_APPEAR)
        self.progress.step(f"waiting {seconds:g} s to try again: {why}")
        end = self.clock.monotonic() + seconds
        while (left := end - self.clock.monotonic()) > 0 and not self._is_stopped():
            self.clock.sleep(min(left, _PIECE))

    def _give_up(self) -> None:
        """What still waits is left, with the last reason."""
        otherwise = _STOPPED if self._is_stopped() else _STILL_THERE
        for item in self.items:
            self._is_left(_left(item.resource, item.why or otherwise))
        for made in self.leftovers.unseen:
            self._is_left(LeftOver(made.type, "", made.name, _MAY_APPEAR))

    def _is_gone(self, kind: str, resource_id: str, name: str, outcome: Literal["gone", "was_gone"]) -> None:
        self.gone.append(Gone(kind, resource_id, name, outcome))
        if self.journal is not None:
            self.journal.deleted(LeftOver(kind, resource_id, name, ""), outcome)

    def _is_left(self, resource: LeftOver) -> None:
        self.left.append(resource)
        if self.journal is not None:
            self.journal.deleted(resource, "left")


def _left(resource: Resource, why: str) -> LeftOver:
    return LeftOver(resource.type, resource.id, resource.name, why)


def _passes(error: ServiceError) -> bool:
    """Whether another try may succeed."""
    if isinstance(error, AnswerLost | RefusedForNow | ServiceUnreachable):
        return True
    if error_number(error) in _BUSY:
        return True
    return (
        error.status is None or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status == HTTPStatus.TOO_MANY_REQUESTS
    )
