"""The style of entries in JSON: indented like the document, or on one line if the document is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.texts.in_place.brackets import in_line_as_beside, insert_again_in_brackets, insert_in_brackets, remove_in_brackets
from reconciler.texts.in_place.splices import Splices
from reconciler.texts.in_place.yaml.lines import line_start
from reconciler.texts.nodes import Entry, Node

_FIRST_INDENT: Final = re.compile(r"\n([ \t]+)\S")
_SHAPELESS: Final = re.compile("[\x7f-\uffff]")
_BLANKS: Final = re.compile(r"[ \t]*")


class JsonStyle:
    """The style of one document: indentation, spaces after colons, line breaks, and whether non-ASCII characters are escaped.

    With `is_yaml`, the document is also read as YAML, which has no surrogate pairs.
    """

    def __init__(self, text: str, *, is_yaml: bool) -> None:
        found = _FIRST_INDENT.search(text)
        self._text = text
        self._unit = found[1] if found else None
        self._break = "\r\n" if "\r\n" in text else "\n"
        self._separators = (", ", ": ") if '": ' in text or "\n" in text.strip() else (",", ":")
        self._only_ascii = text.isascii() and "\\u" in text and not is_yaml

    def replace(self, splices: Splices, parent: Node, entry: Entry, value: Json) -> None:
        node = entry.node
        in_line = bool(node.entries) and "\n" not in self._text[node.start : node.end]
        splices.replace(node.start, node.end, self._written(value, parent if in_line else None, node.start))

    def rename(self, splices: Splices, _parent: Node, entry: Entry, key: str) -> None:
        if entry.name:
            splices.replace(*entry.name, self._dumped(key))

    def remove(self, splices: Splices, parent: Node, gone: Sequence[Entry], _kept: Sequence[Entry]) -> None:
        remove_in_brackets(splices, parent, gone)

    def insert(self, splices: Splices, parent: Node, after: Entry | None, before: Entry, new: Sequence[tuple[str, Json]]) -> None:
        in_line = None if "\n" in self._text[parent.start : parent.end] else parent

        def write(key: str, value: Json) -> str:
            beside = None if in_line else in_line_as_beside(self._text, parent.entries, value, lambda _node: self._dumped(value))
            text = beside or self._written(value, in_line, before.start)
            return f"{self._dumped(key)}{self._separators[1]}{text}" if self._text[parent.inner] == "{" else text

        insert_in_brackets(splices, parent, after, before, new, write=write, comma=self._separators[0])

    def insert_again(self, splices: Splices, parent: Node, after: Entry | None, before: Entry, moved: Entry) -> None:
        insert_again_in_brackets(splices, parent, after, before, moved, comma=self._separators[0])

    def _written(self, value: Json, in_line: Node | None, position: int) -> str:
        """The value on lines indented like the line of this position, or on one line if its parent or the whole text is."""
        if self._unit is None or in_line is not None:
            return self._dumped(value)
        text = _escaped(json.dumps(value, indent=self._unit, ensure_ascii=self._only_ascii))
        blanks = _BLANKS.match(self._text, line_start(self._text, position))
        return text.replace("\n", self._break + (blanks[0] if blanks else ""))

    def _dumped(self, value: Json) -> str:
        return _escaped(json.dumps(value, ensure_ascii=self._only_ascii, separators=self._separators))


def _escaped(text: str) -> str:
    """The same JSON with unprintable characters escaped; those beyond the basic plane stay."""
    return _SHAPELESS.sub(lambda found: f"\\u{ord(found[0]):04x}" if not found[0].isprintable() else found[0], text)
