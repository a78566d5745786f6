"""Where in a text each key and value of its document stands."""

from __future__ import annotations

from typing import Final

from reconciler.documents.pointer import Segments
from reconciler.texts.reading import Position

MAX_SEGMENTS: Final = 4_000_000
"""Of all paths of one text together; what comes later is found at its nearest parent that was written down."""


class Positions:
    """The positions of a document's keys and values: written down by whoever walks its text, in the text's order, then asked for.

    Of a key that is there twice the first position counts.
    """

    __slots__ = ("_keys", "_path", "_room", "_values")

    def __init__(self) -> None:
        self._keys: dict[Segments, Position] = {}
        self._values: dict[Segments, Position] = {}
        self._path: list[str] = [""]
        self._room = MAX_SEGMENTS

    def of(self, path: Segments) -> Position:
        """Where the entry at this path begins: a mapping's at its key, a list's at its value; else its nearest parent's position."""
        for length in range(len(path), 0, -1):
            found = self._keys.get(path[:length])
            if found:
                return found
        return self._values.get((), (1, 1))

    def exactly(self, path: Segments) -> Position | None:
        """Where the entry at this path begins, None if the text has none."""
        return self._keys.get(path)

    def value_of(self, path: Segments) -> Position:
        """Where the value at this path begins, or the entry of its nearest parent."""
        return self._values.get(path) or self.of(path)

    def key(self, key: str, position: Position) -> None:
        """Write down that the next value stands under this key, which stands here."""
        self._path[-1] = key
        self._write(self._keys, position)

    def item(self, index: int, position: Position) -> None:
        """Write down that the next value is this item of a list, and begins here."""
        self.key(str(index), position)

    def value(self, position: Position) -> None:
        """Write down that the value begins here."""
        self._write(self._values, position)

    def enter(self) -> None:
        """Go into the value: what follows stands in it."""
        self._path.append("")

    def leave(self) -> None:
        """Come out of the value, which has ended."""
        self._path.pop()

    def _write(self, positions: dict[Segments, Position], position: Position) -> None:
        self._room -= len(self._path)
        if self._room >= 0:
            positions.setdefault(tuple(self._path[1:]), position)
