"""The nodes of a YAML text, from the events that it is read by."""

from __future__ import annotations

import re
from typing import Final

from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from reconciler.documents.json_text import Json
from reconciler.texts.in_place.nodes import Entry, Node, Shape
from reconciler.texts.yaml import Event, events
from reconciler.texts.yaml_scalars import plain, tagged

_STARTS: Final = (MappingStartEvent, SequenceStartEvent)
_ENDS: Final = (MappingEndEvent, SequenceEndEvent)
_PROPERTY: Final = re.compile(r"(?:[ \t\r\n]|(?<=[ \t\r\n])#[^\r\n]*)*[&!][^ \t\r\n]*")
_HEADER: Final = re.compile(r"[|>][-+0-9]*")
_SILENT: Final = (StreamStartEvent, DocumentStartEvent, DocumentEndEvent)


def yaml_nodes(text: str) -> Node:
    """The root of a text that `read_yaml` finds no mistake in; its root is a mapping or a list."""
    builder = _Builder(text)
    next_event = events(text.encode())
    while type(event := next_event()) is not StreamEndEvent:
        if not isinstance(event, _SILENT):
            builder.take(event)
    return builder.root


class _Builder:
    """Makes a tree of events. `_key` is the key that waits for its value: its text, start and end."""

    __slots__ = ("_key", "_keys", "_open", "_text", "root")

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[Node] = []
        self._keys: list[tuple[str, int, int] | None] = []
        self._key: tuple[str, int, int] | None = None
        self.root = Node(Shape.SCALAR, 0, 0, 0)

    def take(self, event: Event) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, _STARTS):
            self._enter(event, start, end)
        elif isinstance(event, _ENDS):
            self._leave(end)
        elif self._open and self._open[-1].shape is Shape.MAPPING and self._key is None:
            self._key = (event.value, start, end)
        elif isinstance(event, AliasEvent):
            self._put(Node(Shape.ALIAS, start, end, start, event.anchor))
        else:
            self._put(self._scalar(event, start, end))

    def _scalar(self, event: Event, start: int, end: int) -> Node:
        block_text = event.style in ("|", ">")
        if block_text:
            end = _text_end(self._text, start, end)
        return Node(
            Shape.SCALAR,
            start,
            end,
            after_properties(self._text, start, end),
            event.anchor,
            block_text=block_text,
            value=_value(event),
        )

    def _enter(self, event: Event, start: int, end: int) -> None:
        shape = Shape.MAPPING if isinstance(event, MappingStartEvent) else Shape.SEQUENCE
        flow = bool(event.flow_style)
        node = Node(shape, start, end, start, event.anchor, flow)
        self._put(node)
        self._open.append(node)
        self._keys.append(self._key)
        self._key = None

    def _leave(self, end: int) -> None:
        node, is_pair = self._open.pop(), False
        self._key = self._keys.pop()
        if node.flow:
            node.end = end
            node.inner = after_properties(self._text, node.start, end)
            is_pair = self._text[node.inner] not in "[{"
        else:
            node.inner = node.entries[0].start
            node.end = node.entries[-1].end
        if self._open:
            self._open[-1].odd |= is_pair
            self._key = None

    def _put(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if parent.shape is Shape.MAPPING:
            self._put_in_mapping(parent, node)
        else:
            self._put_in_list(parent, node)

    def _put_in_mapping(self, parent: Node, node: Node) -> None:
        key, start, key_end = self._key or ("", 0, 0)
        head = skip(self._text, key_end)
        if self._text[head : head + 1] == ":":
            head += 1
        else:
            head = node.start = node.inner = node.end = key_end  # no colon, and so no value
        parent.entries.append(Entry(key, self._mark_of(parent, start), head, node))
        if node.shape in (Shape.SCALAR, Shape.ALIAS):
            self._key = None

    def _mark_of(self, parent: Node, key: int) -> int:
        """Where the question mark stands that the key here is written behind; without one, the key."""
        position = skip(self._text, parent.entries[-1].end if parent.entries else parent.start)
        while parent.flow and position < key and self._text[position] in "{,":
            position = skip(self._text, position + 1)
        is_mark = position < key and self._text[position] == "?" and self._text[position + 1] in " \t\r\n"
        return position if is_mark else key

    def _put_in_list(self, parent: Node, node: Node) -> None:
        if parent.flow:
            parent.entries.append(Entry(None, node.start, node.start, node))
            return
        before = parent.entries[-1].end if parent.entries else parent.start
        dash = skip(self._text, before)
        parent.odd = parent.odd or self._text[dash : dash + 1] != "-"
        parent.entries.append(Entry(None, dash, dash + 1, node))


def skip(text: str, position: int) -> int:
    """The first position from here on that is neither white space, nor in a comment, an anchor or a tag."""
    while position < len(text):
        character = text[position]
        if character in " \t\r\n":
            position += 1
        elif character == "#":
            position = line_end(text, position)
        elif character in "&!":
            while position < len(text) and text[position] not in " \t\r\n":
                position += 1
        else:
            break
    return position


def after_properties(text: str, start: int, end: int) -> int:
    """Where a node begins without its anchor and tag."""
    if text[start : start + 1] not in ("&", "!"):
        return start
    return min(skip(text, start), end)


def line_end(text: str, position: int) -> int:
    """Where the line of this position ends: at its line break, or the end of the text."""
    found = text.find("\n", position)
    found = len(text) if found < 0 else found
    return found - 1 if found > position and text[found - 1] == "\r" else found


def line_start(text: str, position: int) -> int:
    """Where the line of this position begins."""
    return text.rfind("\n", 0, position) + 1


def properties_end(text: str, node: Node) -> int:
    """Where a node's anchor and tag end; its start, where it has none."""
    end = node.start
    while (found := _PROPERTY.match(text, end, node.inner)) is not None:
        end = found.end()
    return end


def _text_end(text: str, start: int, end: int) -> int:
    """Where the last line of a text after `|` or `>` ends: with `+`, blank lines belong to it."""
    whole = text[start:end]
    header = _HEADER.search(whole, after_properties(text, start, end) - start)
    if header and "+" in header[0] and whole.endswith("\n"):
        return end - (2 if whole.endswith("\r\n") else 1)
    return start + len(whole.rstrip())


def _value(event: Event) -> Json:
    text: str = event.value
    if event.ctag is not None:
        return tagged(text, str(event.ctag), is_plain=not event.implicit[1] and not event.style)
    return plain(text) if event.implicit[0] else text
