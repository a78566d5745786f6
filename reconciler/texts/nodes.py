"""A document as a tree of nodes with positions, to locate a finding or to change one value."""

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
    """A value in a document, from `start` up to `end` (offsets in characters), anchor and tag included.

    A value in block style ends with its last line that has content. `inner` is its start without anchor and tag.
    """

    shape: Shape
    start: int
    end: int
    inner: int
    anchor: str | None = None
    """The name after `&`, or that after the `*` of an alias."""
    flow: bool = False
    """Whether it is a collection in flow style."""
    block_text: bool = False
    """Whether it is a block scalar."""
    value: Json = None
    """The value of a scalar."""
    entries: list[Entry] = field(default_factory=list)
    odd: bool = False
    """Whether the notation allows no change of single entries, only of the whole value."""
    meant: Node | None = None
    """The node that an alias refers to."""
    _named: dict[str, Entry] | None = None

    def way(self, path: Segments, *, through_aliases: bool = False) -> list[Entry]:
        """The entries along this path, as far as they exist; for a duplicate key, the first one."""
        found: list[Entry] = []
        node = self
        for segment in path:
            if node._named is None:
                named = [(str(index) if entry.key is None else entry.key, entry) for index, entry in enumerate(node.entries)]
                node._named = dict(reversed(named))
            entry = node._named.get(segment)
            if entry is None:
                break
            found.append(entry)
            node = entry.node.meant or entry.node if through_aliases else entry.node
        return found

    def leaves(self) -> Iterator[Span]:
        """All keys and scalars, in order. Comments are outside of them."""
        if self.shape in (Shape.SCALAR, Shape.ALIAS):
            yield Span(self.start, self.end)
        for entry in self.entries:
            if entry.name:
                yield entry.name
            yield from entry.node.leaves()


@dataclass(slots=True, eq=False)
class Entry:
    """A list item or mapping entry, from `start`, its dash or key (in flow style: the item), to the end of its node."""

    key: str | None
    """None for a list item."""
    name: Span | None
    """The span of the key; None for a list item."""
    start: int
    head: int
    """The end of what comes before the value: the dash or colon. In a flow list, the start of the item."""
    node: Node

    @property
    def end(self) -> int:
        return max(self.head, self.node.end)


def value_of(node: Node, anchors: dict[str, Json]) -> Json:
    """The value of a node, with aliases resolved by `anchors`; anchors in the node are added to them."""
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
