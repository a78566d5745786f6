"""Requests, pages and records that occur again, remembered as 8-byte digests: about 12 bytes a record."""

from __future__ import annotations

from array import array
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
_ENCODE: Final = msgspec.json.Encoder().encode
"""Decoded JSON without lone surrogates, as `decode` gives it; the loop runs for each record."""


class Again(Enum):
    """How a page repeats an earlier one."""

    PREVIOUS = auto()
    EARLIER = auto()


def _empty(code: str) -> list[array[int]]:
    return [array(code) for _ in range(_BUCKETS)]


@dataclass(slots=True)
class Repeats:
    """What one trial has sent and read. Records are counted in buckets by their digest, so that only one bucket is expanded at a time."""

    _requests: set[int] = field(default_factory=set)
    _pages: set[int] = field(default_factory=set)
    _previous: int | None = None
    _digests: list[array[int]] = field(default_factory=lambda: _empty("q"))
    _calls: list[array[int]] = field(default_factory=lambda: _empty("I"))
    _twins_in_a_page: bool = False

    def sent(self, request: Request) -> bool:
        """Remember a request; whether the same one was sent before."""
        digest = hash((request.method, request.url, request.headers, encode(request.body)))
        if digest in self._requests:
            return True
        self._requests.add(digest)
        return False

    def read(self, number: int, records: Sequence[Document], content: bytes) -> Again | None:
        """Remember a page, unless it repeats an earlier one.

        Pages of equal records are only the same if the whole answer is: there may be many records without any difference.
        """
        if not records:
            return None
        digests = _digests(records)
        distinct = len(set(digests))
        page = hash((tuple(digests), content if distinct == 1 else b""))
        if page in self._pages:
            return Again.PREVIOUS if page == self._previous else Again.EARLIER
        self._pages.add(page)
        self._previous = page
        self._twins_in_a_page |= distinct < len(digests)
        all_digests, all_calls = self._digests, self._calls
        for digest in digests:
            bucket = digest & _LAST
            all_digests[bucket].append(digest)
            all_calls[bucket].append(number)
        return None

    def known(self, records: Sequence[Document]) -> int:
        """How many of these records were read."""
        return sum(digest in self._digests[digest & _LAST] for digest in _digests(records))

    def duplicates(self) -> tuple[Finding, ...]:
        """A finding for records that were read more than once. Where one page has equal records, others may have them, too."""
        if self._twins_in_a_page:
            return ()
        repeated, first = 0, 0
        for digests, calls in zip(self._digests, self._calls, strict=True):
            count, call = _repeated(digests, calls)
            repeated += count
            first = min(first or call, call or first)
        if not repeated:
            return ()
        words = "1 record was" if repeated == 1 else f"{repeated:,} records were"
        return (found("duplicates", f"{words} read more than once; the first of them again on page {first}", call=first),)


def _digests(records: Sequence[Document]) -> list[int]:
    """A digest of each record, the same for equal records within one process."""
    return list(map(hash, map(_ENCODE, records)))


def _repeated(digests: array[int], calls: array[int]) -> tuple[int, int]:
    """How many digests occur again, and the first call in which one does; 0 if none."""
    if len(set(digests)) == len(digests):
        return 0, 0
    seen: set[int] = set()
    again = [call for digest, call in zip(digests, calls, strict=True) if digest in seen or seen.add(digest)]  # type: ignore[func-returns-value]
    return len(again), min(again)
