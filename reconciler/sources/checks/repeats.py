"""Requests, pages and records that occur again, remembered as digests: 8 bytes a record."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

import msgspec

from reconciler.documents.json_text import Document, encode
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Request

_BUCKETS: Final = 256
_LAST: Final = _BUCKETS - 1
_CALL: Final = 0xFFFF
"""The bits of a remembered record that are the number of its call; a trial has fewer. The others are its digest."""
_DIGEST: Final = ~_CALL
_ENCODE: Final = msgspec.json.Encoder(order="deterministic").encode
"""Decoded JSON without lone surrogates, as `decode` gives it, with sorted keys; the loop runs for each record."""


class Again(Enum):
    """How a page repeats an earlier one."""

    PREVIOUS = auto()
    EARLIER = auto()


@dataclass(slots=True)
class Repeats:
    """What one trial has sent and read. Records are counted in buckets by their digest, so that only one bucket is expanded at a time."""

    _requests: array[int] = field(default_factory=lambda: array("q"))
    """Sorted, as the pages are."""
    _pages: array[int] = field(default_factory=lambda: array("q"))
    _previous: int | None = None
    _records: list[array[int]] = field(default_factory=lambda: [array("q") for _ in range(_BUCKETS)])
    _twins_in_a_page: bool = False

    def sent(self, request: Request) -> bool:
        """Remember a request; whether the same one was sent before."""
        digest = hash((request.method, request.url, request.headers, encode(request.body)))
        return not _added(self._requests, digest)

    def read(self, number: int, records: Sequence[Document], content: bytes) -> Again | None:
        """Remember a page, unless it repeats an earlier one.

        Pages of equal records are only the same if the whole answer is: there may be many records without any difference.
        """
        if not records:
            return None
        digests = _digests(records)
        distinct = len(set(digests))
        page = hash((tuple(digests), content if distinct == 1 else b""))
        if not _added(self._pages, page):
            return Again.PREVIOUS if page == self._previous else Again.EARLIER
        self._previous = page
        self._twins_in_a_page |= distinct < len(digests)
        buckets, call = self._records, min(number, _CALL)
        for digest in digests:
            buckets[digest & _LAST].append(digest & _DIGEST | call)
        return None

    def known(self, records: Sequence[Document]) -> int:
        """How many of these records were read."""
        wanted: dict[int, list[int]] = {}
        for digest in _digests(records):
            wanted.setdefault(digest & _LAST, []).append(digest & _DIGEST)
        return sum(_occurring(digests, self._records[bucket]) for bucket, digests in wanted.items())

    def duplicates(self) -> tuple[Finding, ...]:
        """A finding for records that were read more than once. Where one page has equal records, others may have them, too."""
        if self._twins_in_a_page:
            return ()
        repeated, first = 0, 0
        for bucket in self._records:
            count, call = _repeated(bucket)
            repeated += count
            first = min(first or call, call or first)
        if not repeated:
            return ()
        words = "1 record was" if repeated == 1 else f"{repeated:,} records were"
        return (found("duplicates", f"{words} read more than once; the first of them again on page {first}", call=first),)


def _added(known: array[int], digest: int) -> bool:
    """Insert a digest where it belongs, unless it is there; whether it was not."""
    at = bisect_left(known, digest)
    if at < len(known) and known[at] == digest:
        return False
    known.insert(at, digest)
    return True


def _digests(records: Sequence[Document]) -> list[int]:
    """A digest of each record, the same for equal records within one process, in whatever order their fields are."""
    return list(map(hash, map(_ENCODE, records)))


def _occurring(digests: Sequence[int], bucket: array[int]) -> int:
    """How many of these are digests of records in the bucket."""
    known = {one & _DIGEST for one in bucket}
    return sum(digest in known for digest in digests)


def _repeated(bucket: array[int]) -> tuple[int, int]:
    """How many records occur again, and the first call in which one does; 0 if none."""
    if len({one & _DIGEST for one in bucket}) == len(bucket):
        return 0, 0
    seen: set[int] = set()
    again = [one & _CALL for one in bucket if (digest := one & _DIGEST) in seen or seen.add(digest)]  # type: ignore[func-returns-value]
    return len(again), min(again)
