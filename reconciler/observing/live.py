"""Reads the live specs for one command: both lists, and specs that the lists do not show but something refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TypeVar

from reconciler.desired.specs import DesiredSet
from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError, SpecNotFound
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.specs import Listing, LiveSpec, StrangeItem, Usage
from reconciler.http.retrying import PASSING

_READINGS = 3
"""How often an inconsistent list is read again."""

_REFUSED = (
    frozenset(status for status in HTTPStatus if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR) - PASSING
)
"""Statuses for one id that a retry would not change."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Observation:
    """The live specs of both kinds, and list entries that are not valid specs. `complete` is whether both lists were read completely."""

    live: tuple[LiveSpec, ...]
    complete: bool
    strange: tuple[StrangeItem, ...] = ()
    served_at: float | None = None
    """When the service answered, by its own clock: the earlier of both lists. None if one does not say."""


def observe(reader: SpecReader, desired: DesiredSet, concurrency: int, *, certain: bool = False) -> Observation:
    """Read both lists, and each pinned spec that they do not show. The plan reports a pinned id that does not exist.

    With `certain`, a paged list without a total count is read until two readings show the same specs.
    """
    if certain:  # connection specs, which are about to be created, are read last
        listings = [_whole_list(reader, kind, certain=True) for kind in (Kind.FLOW_SPEC, Kind.CONNECTION_SPEC)][::-1]
    else:
        at_once = reader.calls_at_once(concurrency)
        listings = in_parallel(lambda kind: _whole_list(reader, kind, certain=False), list(Kind), at_once)
    observation = Observation(
        tuple(spec for listing in listings for spec in listing.specs),
        all(listing.complete for listing in listings),
        tuple(item for listing in listings for item in listing.strange),
        _earliest([listing.served_at for listing in listings]),
    )
    pins = [(spec.kind, spec.pinned_id) for spec in desired.specs if spec.pinned_id is not None]
    return fetch_missing(reader, observation, pins, concurrency, refused_is_missing=True)


def _earliest(times: Sequence[float | None]) -> float | None:
    known = [time for time in times if time is not None]
    return min(known) if known and len(known) == len(times) else None


def _whole_list(reader: SpecReader, kind: Kind, *, certain: bool) -> Listing:
    """The list; read again if its pages shifted during the reading or, with `certain`, until two readings agree."""
    listing = reader.list_specs(kind)
    for _ in range(_READINGS):
        if listing.complete and (listing.counted or not certain):
            return listing
        again = reader.list_specs(kind)
        if again.complete and listing.complete and {spec.id for spec in again.specs} == {spec.id for spec in listing.specs}:
            return again
        listing = again
    return listing if not certain else replace(listing, complete=False)


def fetch_missing(
    reader: SpecReader,
    observation: Observation,
    wanted: Iterable[tuple[Kind, str]],
    concurrency: int,
    *,
    refused_is_missing: bool = False,
) -> Observation:
    """The observation, extended by those wanted ids that the lists do not show and a GET returns.

    The lists prove that token, organization and sandbox are right, so a refused GET is about its id alone: with `refused_is_missing`, that
    id counts as missing. Raises ServiceError for temporary errors.
    """
    wanted = set(wanted)
    hidden = sorted(wanted - {(spec.kind, spec.id) for spec in observation.live}) if wanted else []
    found = in_parallel(
        lambda identity: spec_if_live(reader, *identity, refused_is_missing=refused_is_missing), hidden, concurrency
    )
    return replace(observation, live=(*observation.live, *(spec for spec in found if spec)))


def usage_of(reader: SpecReader, spec_ids: Sequence[str], concurrency: int) -> dict[str, Usage | str]:
    """What uses each connection spec, or the reason why that is unknown."""

    def ask(spec_id: str) -> Usage | str:
        try:
            return reader.usage_of(spec_id)
        except ServiceError as error:
            return error.message

    return dict(zip(spec_ids, in_parallel(ask, spec_ids, concurrency), strict=True))


def in_parallel(function: Callable[[T], R], items: Sequence[T], concurrency: int) -> list[R]:
    """The results in the order of the items, from at most `concurrency` threads; the calling thread takes one of few items."""
    if concurrency <= 1 or len(items) <= 1:
        return [function(item) for item in items]
    own = 1 if len(items) <= concurrency else 0
    with ThreadPoolExecutor(max_workers=concurrency, thread_name_prefix="worker") as workers:
        others = workers.map(function, items[own:])
        return [*map(function, items[:own]), *others]


def spec_if_live(reader: SpecReader, kind: Kind, spec_id: str, *, refused_is_missing: bool = False) -> LiveSpec | None:
    """The live spec with this id, by a GET; None if it does not exist or, with `refused_is_missing`, if the GET is refused."""
    try:
        return reader.get_spec(kind, spec_id)
    except SpecNotFound:
        return None
    except ServiceError as error:
        if refused_is_missing and error.status in _REFUSED:
            return None
        raise
