"""The nodes of a JSON text."""

from __future__ import annotations

import re
from typing import Final

from reconciler.documents.json_text import decode
from reconciler.texts.in_place.nodes import Entry, Node, Shape

_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_ATOM: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[^\s,:\]}]++')


def json_nodes(text: str) -> Node:
    """The root of a text that `read_json` finds no mistake in."""
    return _node(text, _after_space(text, 0))


def _node(text: str, start: int) -> Node:
    if text[start] in "{[":
        return _collection(text, start)
    end = _atom_end(text, start)
    return Node(Shape.SCALAR, start, end, start, value=decode(text[start:end]))


def _collection(text: str, start: int) -> Node:
    is_mapping = text[start] == "{"
    node = Node(Shape.MAPPING if is_mapping else Shape.SEQUENCE, start, start, start, flow=True)
    position = _after_space(text, start + 1)
    while text[position] not in "}]":
        key: str | None = None
        entry = position
        if is_mapping:
            key_end = _atom_end(text, position)
            key = decode(text[position:key_end])
            position = _after_space(text, _after_space(text, key_end) + 1)
        child = _node(text, position)
        node.entries.append(Entry(key, entry, position, child))
        position = _after_space(text, child.end)
        if text[position] == ",":
            position = _after_space(text, position + 1)
    node.end = position + 1
    return node


def _atom_end(text: str, start: int) -> int:
    found = _ATOM.match(text, start)
    return found.end() if found else start


def _after_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found else start
