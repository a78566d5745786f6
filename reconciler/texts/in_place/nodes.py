"""A text as a tree of nodes that know where they stand in it: what is needed to change one value and no other character."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from reconciler.documents.json_text import Json


class Shape(Enum):
    """How a value is written."""

    SCALAR = auto()
    MAPPING = auto()
    SEQUENCE = auto()
    ALIAS = auto()


@dataclass(slots=True)
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
    """Whether it is a text after `|` or `>`."""
    value: Json = None
    """Of a scalar."""
    entries: list[Entry] = field(default_factory=list)
    odd: bool = False
    """Whether its entries are written in a way that no single one of them can be changed: only the whole value can."""


@dataclass(slots=True)
class Entry:
    """An item of a list or an entry of a mapping: from `start`, its dash or key (in brackets: the item), to the end of its node."""

    key: str | None
    """None for a list's item."""
    start: int
    head: int
    """Where what stands before the value ends: after the dash or the colon. In a list in brackets, the item's start."""
    node: Node

    @property
    def end(self) -> int:
        return max(self.head, self.node.end)
