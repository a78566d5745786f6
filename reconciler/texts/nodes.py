"""A text as a tree of nodes that know where they are in it: enough to place a finding, or to change one value and no other character."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, NamedTuple

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments

_GONE: Final = "\0an alias of an anchor that is gone"


class Shape(Enum):
    """How a value is written."""

    SCALAR = auto()
    MAPPING = auto()
    SEQUENCE = auto()
    ALIAS = auto()


class Span(NamedTuple):
    """From a character up to, but not including, another."""

    start: int
    end: int


@dataclass(slots=True, eq=False)
class Node:
    """One value of a text, from `start` to before `end` (offsets in characters), anchor and tag included.

    The end of a value in block style is the end of its last line with content. `inner` is where it begins without its anchor and tag.
    """

    shape: Shape
    start: int
    end: int
    inner: int
    anchor: str | None = None
    """The name after `&`, or an alias's after `*`."""
    flow: bool = False
    """Whether it is a collection in brackets or braces."""
    block_text: bool = False
    """Whether it is a string after `|` or `>`."""
    value: Json = None
    """Of a scalar."""
    entries: list[Entry] = field(default_factory=list)
    odd: bool = False
    """Whether its entries are written in a way that no single one of them can be changed: only the whole value can."""
    meant: Node | None = None
    """Of an alias: what it stands for."""
    _named: dict[str, Entry] | None = None

    def way(self, path: Segments, *, through_aliases: bool = False) -> list[Entry]:
        """The entries on the way down to this path, as far as the text has them; of a key that is there twice the first one."""
        found: list[Entry] = []
        node = self
        for segment in path:
            entry = node._entry(segment)
            if entry is None:
                break
            found.append(entry)
            node = entry.node.meant or entry.node if through_aliases else entry.node
        return found

    def _entry(self, segment: str) -> Entry | None:
        if self._named is None:
            named = [(str(index) if entry.key is None else entry.key, entry) for index, entry in enumerate(self.entries)]
            self._named = dict(reversed(named))
        return self._named.get(segment)

    def leaves(self) -> Iterator[Span]:
        """All keys and scalars in the text's order: what is a comment is in none of them."""
        if self.shape in (Shape.SCALAR, Shape.ALIAS):
            yield Span(self.start, self.end)
        for entry in self.entries:
            if entry.name:
                yield entry.name
            yield from entry.node.leaves()


@dataclass(slots=True, eq=False)
class Entry:
    """An item of a list or an entry of a mapping: from `start`, its dash or key (in brackets: the item), to the end of its node."""

    key: str | None
    """None for a list's item."""
    name: Span | None
    """Where the key is written; None for a list's item."""
    start: int
    head: int
    """Where what comes before the value ends: after the dash or the colon. In a list in brackets, the item's start."""
    node: Node

    @property
    def end(self) -> int:
        return max(self.head, self.node.end)


def value_of(node: Node, anchors: dict[str, Json]) -> Json:
    """What a node says, with every alias as `anchors` has it; the anchors that it has are added."""
    if node.shape is Shape.ALIAS:
        return anchors.get(node.anchor or "", _GONE)
    value: Json = node.value
    if node.shape is Shape.MAPPING:
        value = {}
        for entry in node.entries:
            value[entry.key] = value_of(entry.node, anchors)
    elif node.shape is Shape.SEQUENCE:
        value = []
        for entry in node.entries:
            value.append(value_of(entry.node, anchors))
    if node.anchor is not None:
        anchors[node.anchor] = value
    return value
