"""A spec file as the source of a desired spec: it is read again when somebody asks where in it something stands."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.documents.pointer import Segments, parse_pointer
from reconciler.texts.locate import Positions, Syntax, locate
from reconciler.texts.reading import Position


@dataclass(frozen=True, slots=True)
class Layout:
    """Where in a file's document the body stands, and which overlay lies on it."""

    syntax: Syntax
    body: Segments
    """`("spec",)` in an envelope, nothing in a bare body."""
    overlay: Segments
    """`("overlays", target)` in an envelope."""

    def position(self, positions: Positions, path: Segments) -> Position:
        """The position of this place of the body: in the overlay if that has it, else in the body, else of the nearest parent."""
        for length in range(len(path), 0, -1):
            found = positions.exactly((*self.overlay, *path[:length])) if self.overlay else None
            found = found or positions.exactly((*self.body, *path[:length]))
            if found:
                return found
        return positions.of(self.body)


@dataclass(frozen=True, slots=True)
class FileSource:
    """The file at `path` of a tree, as it was when its checksum was taken."""

    tree: SpecTree
    path: str
    checksum: int
    layout: Layout
    body_position: Position

    def position(self, pointer: str) -> Position | None:
        """Line and column of a place of the body. Raises ValueError for a text that is not a pointer."""
        if not pointer:
            return self.body_position
        positions = self.positions()
        return self.layout.position(positions, parse_pointer(pointer)) if positions else None

    def positions(self) -> Positions | None:
        """The places of the whole document, envelope included; None if the file is not as it was. Each time the file is read anew."""
        try:
            data = self.tree.read(self.path)
        except Unreadable:
            return None
        return locate(data, self.layout.syntax) if zlib.crc32(data) == self.checksum else None
