"""What is live, read for one command: both lists, and what the lists do not show but something points to."""

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
from reconciler.http.verdicts import PASSING

_READINGS = 3
"""How often a list is read again that does not agree with itself."""

_REFUSED = (
    frozenset(status for status in HTTPStatus if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR) - PASSING
)
"""Answers about one id that no other try would change."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Observation:
    """Live specs of both kinds, and what the lists hold that is no spec. `complete` says that both lists were read to their end."""

    live: tuple[LiveSpec, ...]
    complete: bool
    strange: tuple[StrangeItem, ...] = ()


def observe(reader: SpecReader, desired: DesiredSet, concurrency: int, *, certain: bool = False) -> Observation:
    """Both lists, and each pinned spec that they do not show. A pinned id that is not there at all is for the plan to say.

    With `certain`, a list whose pages nobody counts is read until two readings show the same specs.
    """
    if certain:  # what is about to be created is looked for last
        listings = [_whole_list(reader, kind, certain=True) for kind in (Kind.FLOW_SPEC, Kind.CONNECTION_SPEC)][::-1]
    else:
        listings = in_parallel(lambda kind: _whole_list(reader, kind, certain=False), list(Kind), concurrency)
    observation = Observation(
        tuple(spec for listing in listings for spec in listing.specs),
        all(listing.complete for listing in listings),
        tuple(item for listing in listings for item in listing.strange),
    )
    pins = [(spec.kind, spec.pinned_id) for spec in desired.specs if spec.pinned_id is not None]
    return fetch_missing(reader, observation, pins, concurrency, refused_is_missing=True)


def _whole_list(reader: SpecReader, kind: Kind, *, certain: bool) -> Listing:
    """The list; read again where its pages shifted while they were read, or, for certain, until two readings agree."""
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
    """The observation with those of the wanted ids that the lists do not show and a GET does.

    Where the lists have shown that token, organisation and sandbox are right, a GET that is refused is about its id alone: with
    `refused_is_missing` that one is not there for us, and for the plan to say. Raises ServiceError for what may pass.
    """
    shown = {(spec.kind, spec.id) for spec in observation.live}
    hidden = sorted(set(wanted) - shown)
    found = in_parallel(
        lambda identity: spec_if_live(reader, *identity, refused_is_missing=refused_is_missing), hidden, concurrency
    )
    return replace(observation, live=(*observation.live, *(spec for spec in found if spec)))


def usage_of(reader: SpecReader, spec_ids: Sequence[str], concurrency: int) -> dict[str, Usage | str]:
    """What uses each connection spec, or why nobody can say."""

    def ask(spec_id: str) -> Usage | str:
        try:
            return reader.usage_of(spec_id)
        except ServiceError as error:
            return error.message

    return dict(zip(spec_ids, in_parallel(ask, spec_ids, concurrency), strict=True))


def in_parallel(function: Callable[[T], R], items: Sequence[T], concurrency: int) -> list[R]:
    """The results in the order of the items, from at most this many workers at once; one worker is the caller itself."""
    if concurrency <= 1 or len(items) <= 1:
        return [function(item) for item in items]
    with ThreadPoolExecutor(max_workers=concurrency, thread_name_prefix="worker") as workers:
        return list(workers.map(function, items))


def spec_if_live(reader: SpecReader, kind: Kind, spec_id: str, *, refused_is_missing: bool = False) -> LiveSpec | None:
    """The live spec with this id, by a GET; None where there is none, or where the answer is a refusal that counts as that."""
    try:
        return reader.get_spec(kind, spec_id)
    except SpecNotFound:
        return None
    except ServiceError as error:
        if refused_is_missing and error.status in _REFUSED:
            return None
        raise
