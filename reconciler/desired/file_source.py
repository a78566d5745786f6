"""A spec file as the source of a desired spec. Positions are computed on request by reading the file again."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.documents.pointer import Segments, parse_pointer
from reconciler.texts.locate import Positions, Syntax, locate, locate_first
from reconciler.texts.reading import Position


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the body is in a file's document, and which overlays apply to it."""

    syntax: Syntax
    body: Segments
    """`("spec",)` in an envelope, empty for a bare body."""
    overlays: tuple[Segments, ...]
    """The overlays that apply, the last one applied first: `(("overlays", target),)` in an envelope."""

    def position(self, positions: Positions, path: Segments) -> Position:
        """The position of this place of the body: in the overlay if it is there, else in the body, else of the nearest parent."""
        for place in self.places(path):
            if found := positions.exactly(place):
                return found
        return positions.of(self.body)

    def places(self, path: Segments) -> tuple[Segments, ...]:
        """Where in the document this place of the body may be, the one that counts first; its parents after it."""
        bases = (*self.overlays, self.body)
        return tuple((*base, *path[:length]) for length in range(len(path), 0, -1) for base in bases)


@dataclass(frozen=True, slots=True)
class FileSource:
    """The file at `path` of a tree, identified by the checksum of its content when it was first read."""

    tree: SpecTree
    path: str
    checksum: int
    layout: Layout
    body_position: Position

    def position(self, pointer: str) -> Position | None:
        """Line and column of a place in the body. Raises ValueError for a string that is not a JSON Pointer."""
        if not pointer:
            return self.body_position
        path, data = parse_pointer(pointer), self._data()
        if data is None:
            return None
        found = locate_first(data, self.layout.syntax, self.layout.places(path))
        return found or self.layout.position(locate(data, self.layout.syntax), path)

    def positions(self) -> Positions | None:
        """The positions of the whole document, envelope included; None if the file has changed. Each call reads the file again."""
        data = self._data()
        return None if data is None else locate(data, self.layout.syntax)

    def _data(self) -> bytes | None:
        try:
            data = self.tree.read(self.path)
        except Unreadable:
            return None
        return data if zlib.crc32(data) == self.checksum else None
