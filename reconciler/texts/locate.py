"""Read a document in either syntax: its value and, in a second and slower pass, the positions of its keys and values."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from reconciler.documents.pointer import Segments
from reconciler.texts.json import read_json
from reconciler.texts.reading import Lines, Mistake, Position, Reading, position_after, text_of
from reconciler.texts.yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.texts.nodes import Entry, Node


class Syntax(Enum):
    """The syntax of a document."""

    YAML = auto()
    JSON = auto()


def read_text(data: bytes, syntax: Syntax) -> Reading:
    """The value of this document and every mistake in it. Never raises."""
    return read_yaml(data) if syntax is Syntax.YAML else read_json(data)


def nodes_of(text: str, syntax: Syntax) -> Node:
    """The root node of this document, as far as it can be read. Never raises."""
    if syntax is Syntax.YAML:
        from reconciler.texts.yaml_nodes import yaml_nodes  # noqa: PLC0415 - most runs need no position

        return yaml_nodes(text)
    from reconciler.texts.json_nodes import JsonNodes  # noqa: PLC0415 - as above

    return JsonNodes(text).root


def locate(data: bytes, syntax: Syntax) -> Positions:
    """The positions in this document, as far as it can be read. Never raises."""
    text = text_of(data)
    return Positions("" if isinstance(text, Mistake) else text, syntax)


def locate_first(data: bytes, syntax: Syntax, paths: Sequence[Segments]) -> Position | None:
    """The position of the entry at the first of these paths that the document has, as `Positions.exactly` finds it, and faster.

    None if it has none of them, and where only all positions together can tell. Never raises.
    """
    text = text_of(data)
    if syntax is not Syntax.YAML or isinstance(text, Mistake):
        return None
    from reconciler.texts.yaml_seeking import first_place  # noqa: PLC0415 - most runs need no position

    offset = first_place(text, [path for path in paths if _may_begin(text, path)])
    return None if offset is None else position_after(text[:offset])


def _may_begin(text: str, path: Segments) -> bool:
    """Whether this document may have the first key of a path. A key of letters and digits is written as it is, or with escapes."""
    return not path or path[0] in text or "\\" in text or not path[0].isalnum()


class Positions:
    """The positions of keys and values in a document. For a duplicate key, the first one counts."""

    __slots__ = ("_lines", "_root")

    def __init__(self, text: str, syntax: Syntax) -> None:
        self._lines = Lines(text)
        self._root = nodes_of(text, syntax)

    def of(self, path: Segments) -> Position:
        """The position of the entry at this path: its key, or in a list its value; else that of its nearest parent."""
        way = self._root.way(path)
        return self._begin(way[-1]) if way else self._lines.position(self._root.start)

    def exactly(self, path: Segments) -> Position | None:
        """The position of the entry at this path; None if there is none."""
        way = self._root.way(path)
        return self._begin(way[-1]) if way and len(way) == len(path) else None

    def _begin(self, entry: Entry) -> Position:
        return self._lines.position(entry.name.start if entry.name else entry.node.start)
