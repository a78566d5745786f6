"""The records of a provider, made when they are needed: a million of them take no memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from reconciler.documents.json_text import Json
from reconciler.providers.provider import Records
from reconciler.providers.templates import compiled


class MadeRows(Sequence[Json]):
    """`count` records made from `each`. A record is made again each time it is read. Raises Misfit for an invalid template."""

    def __init__(self, records: Records) -> None:
        self._count = records.count or 0
        self._each = records.each
        self._make = compiled(records.each)
        self._start = int(records.dates.start.timestamp())
        self._span = int(records.dates.end.timestamp()) - self._start

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Json: ...
    @overload
    def __getitem__(self, index: slice) -> list[Json]: ...
    def __getitem__(self, index: int | slice) -> Json:
        if isinstance(index, slice):
            return [self._row(one) for one in range(*index.indices(self._count))]
        return self._row(range(self._count)[index])

    def are_in_order_of(self, path: str) -> bool:
        """Whether the records are sorted by the member at this dotted path: one that is a `{date}`."""
        found = self._each
        for name in path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return isinstance(found, str) and found in ("{date}", "{date:iso}", "{date:epoch}", "{date:epoch-ms}")

    def _row(self, index: int) -> Json:
        return self._make(index + 1, self._start + self._span * index // self._count)
