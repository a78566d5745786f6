"""Where one entry of a YAML document stands, without the nodes of the others."""

from __future__ import annotations

from collections.abc import Sequence

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, DocumentEndEvent, DocumentStartEvent, StreamEndEvent, StreamStartEvent

from reconciler.documents.pointer import Segments
from reconciler.texts.yaml import Event, TooMany, events
from reconciler.texts.yaml_light import ENDS, MAPPING_STARTS, SCALARS, SEQUENCE_STARTS

_STARTS = MAPPING_STARTS | SEQUENCE_STARTS
_LEAVES = SCALARS | {AliasEvent}
_SILENT = (StreamStartEvent, DocumentStartEvent)
_LAST = (DocumentEndEvent, StreamEndEvent)


def first_place(text: str, paths: Sequence[Segments]) -> int | None:
    """The offset of the entry at the first of these paths that the document has: of its key, or in a list of its value.

    None if it has none of them, and for a document that cannot be read to the end of that search.
    """
    seeker = _Seeker(paths)
    next_event = events(text.encode())
    try:
        while seeker.best and type(event := next_event()) not in _LAST:
            if not seeker.take(event):
                return None
    except (YAMLError, TooMany, ValueError, OverflowError):
        return None
    return seeker.found


class _Seeker:
    """Follows the events of a document. `best` is the rank of the best path found so far, `found` the offset of its entry.

    Only containers on the way to one of the paths are looked into; `_below` counts the open containers in one that is not.
    """

    __slots__ = ("_below", "_key", "_on_the_way", "_open", "_ranks", "best", "found")

    def __init__(self, paths: Sequence[Segments]) -> None:
        self._ranks = {tuple(path): rank for rank, path in reversed(list(enumerate(paths)))}
        self._on_the_way = {path[:length] for path in self._ranks for length in range(len(path))}
        self._open: list[tuple[Segments, int | None]] = []
        """The path of each open container, and in a list the number of its items so far."""
        self._key: Segments | None = None
        self._below = 0
        self.best = len(paths)
        self.found: int | None = None

    def take(self, event: Event) -> bool:
        """Follow this event; False for a key that is no text."""
        kind = type(event)
        if self._below:
            self._below += (kind in _STARTS) - (kind in ENDS)
        elif kind in ENDS:
            self._open.pop()
        elif kind not in _SILENT:
            return self._entry(event, kind)
        return True

    def _entry(self, event: Event, kind: type) -> bool:
        path: Segments = ()
        if self._open:
            above, number = self._open[-1]
            if number is not None:
                path = (*above, str(number))
                self._open[-1] = (above, number + 1)
                self._see(path, event)
            elif self._key is None:
                self._key = (*above, event.value) if kind in SCALARS else None
                self._see(self._key, event)
                return self._key is not None
            else:
                path, self._key = self._key, None
        if kind not in _LEAVES:
            if path in self._on_the_way:
                self._open.append((path, None if kind in MAPPING_STARTS else 0))
            else:
                self._below = 1
        return True

    def _see(self, path: Segments | None, event: Event) -> None:
        rank = self.best if path is None else self._ranks.get(path, self.best)
        if rank < self.best:
            self.best, self.found = rank, event.start_mark.index
