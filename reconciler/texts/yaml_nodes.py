"""The nodes of a YAML document, built from the events of the parser."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, DocumentEndEvent, DocumentStartEvent, StreamEndEvent, StreamStartEvent

from reconciler.documents.json_text import Json
from reconciler.texts.nodes import Entry, Node, Shape, Span
from reconciler.texts.reading import MAX_LEVELS
from reconciler.texts.yaml import Event, TooMany, events
from reconciler.texts.yaml_light import ENDS, MAPPING_STARTS, SCALARS
from reconciler.texts.yaml_scalars import BadScalar, plain, tagged

HEADER: Final = re.compile(r"[|>][-+0-9]*")
"""The header of a block scalar."""
_SILENT: Final = (StreamStartEvent, DocumentStartEvent)
_LAST: Final = (DocumentEndEvent, StreamEndEvent)
_SKIPPED: Final = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+|[&!][^ \t\r\n]*+)*+")


def yaml_nodes(text: str) -> Node:
    """The root node of this document, as far as it can be read. Never raises."""
    builder = _Builder(text)
    with suppress(YAMLError, TooMany, ValueError, OverflowError):  # the reader reports the mistake
        next_event = events(text.encode())
        while type(event := next_event()) not in _LAST and builder.take(event):
            pass
    return builder.root


class _Builder:
    """Builds a tree from events. `_key` is the key whose value is next, with its span."""

    __slots__ = ("_anchors", "_key", "_open", "_text", "root")

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[tuple[Node, tuple[str, Span] | None]] = []
        """The open collections, each with its own key."""
        self._key: tuple[str, Span] | None = None
        self._anchors: dict[str, Node] = {}
        self.root = Node(Shape.SCALAR, 0, 0, 0)

    def take(self, event: Event) -> bool:
        """Add this event; False if reading must end here."""
        kind = type(event)
        start, end = event.start_mark.index, event.end_mark.index
        if kind in ENDS:
            self._leave(end)
        elif kind in _SILENT:
            pass
        elif self._key is None and self._open and self._open[-1][0].shape is Shape.MAPPING:
            if kind not in SCALARS:
                return False
            self._key = (event.value, Span(start, end))
        elif kind in SCALARS:
            self._put(self._scalar(event, start, end))
        elif kind is AliasEvent:
            self._put(Node(Shape.ALIAS, start, end, start, event.anchor, meant=self._anchors.get(event.anchor)))
        else:
            shape = Shape.MAPPING if kind in MAPPING_STARTS else Shape.SEQUENCE
            node = Node(shape, start, end, start, event.anchor, bool(event.flow_style))
            self._put(node)
            self._open.append((node, self._key))
            self._key = None
        return len(self._open) <= MAX_LEVELS

    def _scalar(self, event: Event, start: int, end: int) -> Node:
        block_text = event.style in ("|", ">")
        if block_text:
            end = _text_end(self._text, start, end)
        inner = after_properties(self._text, start, end)
        return Node(Shape.SCALAR, start, end, inner, event.anchor, block_text=block_text, value=_value(event))

    def _leave(self, end: int) -> None:
        node, self._key = self._open.pop()
        is_pair = False
        if node.flow:
            node.end = end
            node.inner = after_properties(self._text, node.start, end)
            is_pair = self._text[node.inner] not in "[{"
        else:
            node.inner = node.entries[0].start
            node.end = node.entries[-1].end
        if self._open:
            self._open[-1][0].odd |= is_pair
            self._key = None

    def _put(self, node: Node) -> None:
        if node.anchor is not None and node.shape is not Shape.ALIAS:
            self._anchors[node.anchor] = node
        if not self._open:
            self.root = node
            return
        parent = self._open[-1][0]
        if parent.shape is Shape.MAPPING:
            self._put_in_mapping(parent, node)
        else:
            self._put_in_list(parent, node)

    def _put_in_mapping(self, parent: Node, node: Node) -> None:
        key, name = self._key or ("", Span(0, 0))
        head = skip(self._text, name.end)
        if self._text[head : head + 1] == ":":
            head += 1
        else:
            head = node.start = node.inner = node.end = name.end  # no colon, so no value
        parent.entries.append(Entry(key, name, self._mark_of(parent, name.start), head, node))
        if node.shape in (Shape.SCALAR, Shape.ALIAS):
            self._key = None

    def _mark_of(self, parent: Node, key: int) -> int:
        """The question mark before this key; without one, the key."""
        position = parent.entries[-1].end if parent.entries else parent.start
        if self._text.find("?", position, key) < 0:
            return key
        position = skip(self._text, position)
        while parent.flow and position < key and self._text[position] in "{,":
            position = skip(self._text, position + 1)
        is_mark = position < key and self._text[position] == "?" and self._text[position + 1 : position + 2] in (*" \t\r\n", "")
        return position if is_mark else key

    def _put_in_list(self, parent: Node, node: Node) -> None:
        if parent.flow:
            parent.entries.append(Entry(None, None, node.start, node.start, node))
            return
        before = parent.entries[-1].end if parent.entries else parent.start
        dash = skip(self._text, before)
        parent.odd = parent.odd or self._text[dash : dash + 1] != "-"
        parent.entries.append(Entry(None, None, dash, dash + 1, node))


def skip(text: str, position: int) -> int:
    """The first position from here that is not in white space, a comment, an anchor or a tag."""
    found = _SKIPPED.match(text, position)
    return found.end() if found else position


def after_properties(text: str, start: int, end: int) -> int:
    """The start of a node without its anchor and tag."""
    return min(skip(text, start), end) if text[start : start + 1] in ("&", "!") else start


def _text_end(text: str, start: int, end: int) -> int:
    """The end of the last line of a block scalar; with `+`, blank lines belong to it."""
    whole = text[start:end]
    header = HEADER.search(whole, after_properties(text, start, end) - start)
    if header and "+" in header[0] and whole.endswith("\n"):
        return end - (2 if whole.endswith("\r\n") else 1)
    return start + len(whole.rstrip())


def _value(event: Event) -> Json:
    text: str = event.value
    try:
        if event.ctag is not None:
            return tagged(text, str(event.ctag), is_plain=not event.implicit[1] and not event.style)
        return plain(text) if event.implicit[0] else text
    except BadScalar:
        return None
