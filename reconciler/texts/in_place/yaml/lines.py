"""The lines of an entry in block style: its own, the comments directly above, and indented comments below."""

from __future__ import annotations

import re
from typing import Final

from reconciler.texts.nodes import Entry, Node, Shape
from reconciler.texts.yaml_nodes import HEADER

_PROPERTY: Final = re.compile(r"(?:[ \t\r\n]|(?<=[ \t\r\n])#[^\r\n]*)*[&!][^ \t\r\n]*")
BODY: Final = re.compile(r"\n( *)[^ \r\n]")
"""The first line of a block scalar that is not blank."""
_BLANK_LINES: Final = re.compile(r"(?:\r?\n[ \t]*(?=\r?\n|\Z))*(?=\r?\n)")
_COMMENTS_BELOW: Final = re.compile(r"(?:[ \t\r]*\n)*(?P<pad> *)(?:\t[ \t]*)?#[^\n]*")


def comments_above(text: str, entry: Entry) -> int:
    """The start of the lines of an entry, including comments directly above it in its column."""
    begin = line_start(text, entry.start)
    lead = text[begin : entry.start]
    while begin > 0:
        above = line_start(text, begin - 1)
        if not text.startswith(f"{lead}#", above):
            break
        begin = above
    return begin


def lines_end(text: str, entry: Entry) -> int:
    """The end of the last line of an entry, including comments below it that are indented further."""
    column = column_of(text, entry.start)
    end = line_end(text, entry.end)
    while end < len(text):
        found = _COMMENTS_BELOW.match(text, text.index("\n", end) + 1) if "\n" in text[end : end + 2] else None
        if found is None or len(found["pad"]) <= column:
            break
        end = line_end(text, found.end("pad"))
    return end


def blank_lines_end(text: str, end: int) -> int:
    """The end of the blank lines after the line that ends here."""
    found = _BLANK_LINES.match(text, end)
    return found.end() if found else end


def open_ends(text: str, root: Node) -> set[int]:
    """The ends of block scalars with `+`, to which following blank lines would belong."""
    ends: set[int] = set()
    due = [root]
    while due:
        node = due.pop()
        header = HEADER.match(text, node.inner) if node.block_text else None
        if header and "+" in header[0]:
            ends.add(node.end)
        due += [entry.node for entry in node.entries]
    return ends


def line_end(text: str, position: int) -> int:
    """The end of the line of this position: its line break, or the end of the text."""
    found = text.find("\n", position)
    found = len(text) if found < 0 else found
    return found - 1 if found > position and text[found - 1] == "\r" else found


def line_start(text: str, position: int) -> int:
    """The start of the line of this position."""
    return text.rfind("\n", 0, position) + 1


def properties_end(text: str, node: Node) -> int:
    """The end of a node's anchor and tag; its start if it has none."""
    end = node.start
    while (found := _PROPERTY.match(text, end, node.inner)) is not None:
        end = found.end()
    return end


def column_of(text: str, position: int) -> int:
    """The number of characters before this position on its line."""
    return position - line_start(text, position)


def is_behind_dash(text: str, entry: Entry) -> bool:
    """Whether a parent of the entry begins on the same line, before it."""
    return bool(text[line_start(text, entry.start) : entry.start].strip(" "))


def is_block(node: Node) -> bool:
    """Whether it is a collection in block style."""
    return node.shape in (Shape.MAPPING, Shape.SEQUENCE) and not node.flow


def lines_with_break(text: str, begin: int, end: int) -> tuple[int, int]:
    """The range of whole lines with the line break before them, not the one after: insertions go at the end of the last line."""
    if begin == 0:
        return 0, text.index("\n", end) + 1
    return begin - (2 if text[:begin].endswith("\r\n") else 1), end


def lines_of(text: str, entry: Entry) -> tuple[int, int]:
    """From the comments above an entry to its last line; after a dash, from its start."""
    begin = entry.start if is_behind_dash(text, entry) else comments_above(text, entry)
    return begin, lines_end(text, entry)
