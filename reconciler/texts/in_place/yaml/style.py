"""Add and remove entries in YAML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.documents.json_text import Json
from reconciler.texts.in_place.brackets import in_line_as_beside, insert_again_in_brackets, insert_in_brackets, remove_in_brackets
from reconciler.texts.in_place.splices import Splices
from reconciler.texts.in_place.yaml.flow_lines import FlowLines, remove_lines, stand_in_lines
from reconciler.texts.in_place.yaml.habits import dash_of, flow_text_as_in, layout_of, line_break_of, quoting_of
from reconciler.texts.in_place.yaml.lines import (
    blank_lines_end,
    column_of,
    comments_above,
    is_behind_dash,
    line_start,
    lines_end,
    lines_of,
    lines_with_break,
    open_ends,
)
from reconciler.texts.in_place.yaml.values import YamlValues
from reconciler.texts.nodes import Entry, Node, Shape
from reconciler.texts.yaml_nodes import after_properties
from reconciler.texts.yaml_writing import entry_lines, flow_text, inline_text, key_head, quoted, text_scalar


class YamlStyle:
    """The style of one document, whose last line ends with a line break.

    New entries in block style are written by `yaml_writing`, at the indentation of their neighbours.
    """

    def __init__(self, text: str, root: Node) -> None:
        self._text = text
        self._root = root
        self._layout = layout_of(text, root)
        self._break = line_break_of(text)
        self._values = YamlValues(text, self._layout, self._break)
        self._open_ends = open_ends(text, root)
        self._flow_lines: FlowLines | None = None

    def replace(self, splices: Splices, parent: Node, entry: Entry, value: Json) -> None:
        self._values.replace(splices, parent, entry, value)

    def rename(self, splices: Splices, parent: Node, entry: Entry, key: str) -> None:
        if not entry.name:
            return
        start = after_properties(self._text, *entry.name)
        quote = self._text[start]
        plain = flow_text(key) if parent.flow else text_scalar(key)
        splices.replace(start, entry.name.end, quoted(key, quote) if quote in "'\"" else plain)

    def remove(self, splices: Splices, parent: Node, gone: Sequence[Entry], kept: Sequence[Entry]) -> None:
        if parent.flow and stand_in_lines(self._text, parent):
            remove_lines(splices, gone)
        elif parent.flow:
            remove_in_brackets(splices, parent, gone)
        else:
            self._remove_in_block(splices, parent, gone, kept)

    def insert(self, splices: Splices, parent: Node, after: Entry | None, before: Entry, new: Sequence[tuple[str, Json]]) -> None:
        is_list = parent.shape is Shape.SEQUENCE
        if not parent.flow:
            self._insert_in_block(splices, parent, after, before, new)
            return

        def write(key: str, value: Json) -> str:
            in_quotes = replace(self._layout, texts=quoting_of(self._text, parent, self._layout.texts))
            written = self._in_line_as_beside(parent, value) or flow_text(value, in_quotes)
            return written if is_list else f"{flow_text(key)}: {written}"

        if stand_in_lines(self._text, parent):
            self._in_flow_lines(splices).insert(after, before, new, write)
        else:
            insert_in_brackets(splices, parent, after, before, new, write=write, comma=", ")

    def insert_again(self, splices: Splices, parent: Node, after: Entry | None, before: Entry, moved: Entry) -> None:
        if parent.flow and stand_in_lines(self._text, parent):
            self._in_flow_lines(splices).insert_again(after, before, moved)
        elif parent.flow:
            insert_again_in_brackets(splices, parent, after, before, moved, comma=", ")
        else:
            begin, end = lines_of(self._text, moved)
            lead = " " * column_of(self._text, moved.start) if begin == moved.start else ""
            self._insert_lines(splices, after, before, lead + self._text[begin:end], is_list=True, is_open=end in self._open_ends)

    def _in_flow_lines(self, splices: Splices) -> FlowLines:
        self._flow_lines = self._flow_lines or FlowLines(splices, self._break)
        return self._flow_lines

    def _remove_in_block(self, splices: Splices, parent: Node, gone: Sequence[Entry], kept: Sequence[Entry]) -> None:
        """Remove entries with the comments above, beside and in them. Comments at the top of the file stay."""
        leading = parent.entries[: parent.entries.index(kept[0])]
        if not (leading and is_behind_dash(self._text, leading[0])):
            leading = []
        if leading:  # the first kept entry moves up to the dash before the removed ones, or stays below its comments
            start, end = leading[0].start, lines_end(self._text, leading[-1])
            if self._text[end : line_start(self._text, kept[0].start)].strip():
                splices.remove(len(self._text[:start].rstrip(" ")), end)
            else:
                splices.remove(start, kept[0].start)
        moved_up = {id(entry) for entry in leading}
        ends = set(self._open_ends)
        for entry in gone:
            if id(entry) in moved_up:
                continue
            begin, end = lines_of(self._text, entry)
            if parent is self._root and entry is parent.entries[0]:
                begin = entry.start - column_of(self._text, entry.start)
            begin, end = lines_with_break(self._text, begin, end)
            if begin in ends:
                end = blank_lines_end(self._text, end)
                ends.add(end)
            splices.remove(begin, end)

    def _insert_in_block(
        self, splices: Splices, parent: Node, after: Entry | None, before: Entry, new: Sequence[tuple[str, Json]]
    ) -> None:
        is_list = parent.shape is Shape.SEQUENCE
        column = column_of(self._text, before.start)
        lines: list[str] = []
        for key, value in new:
            lines += self._entry_lines(parent, "-" if is_list else key_head(key, column, self._layout), value, column)
        self._insert_lines(splices, after, before, self._break.join(lines), is_list=is_list)

    def _insert_lines(
        self, splices: Splices, after: Entry | None, before: Entry, lines: str, *, is_list: bool, is_open: bool = False
    ) -> None:
        """Insert lines after an entry, or before the first kept one.

        There, comments above that entry stay with it; a new key goes after it, since they may be about all keys.
        """
        column = column_of(self._text, before.start)
        has_comments_above = comments_above(self._text, before) < line_start(self._text, before.start)
        if after is None and not is_list and has_comments_above:
            after = before
        if after is not None:
            end = lines_end(self._text, after)
            splices.insert(blank_lines_end(self._text, end) if is_open else end, self._break + lines)
        elif not is_behind_dash(self._text, before):
            splices.insert(comments_above(self._text, before), lines + self._break)
        else:
            splices.insert(before.start, lines[column:] + self._break + " " * column)

    def _entry_lines(self, parent: Node, head: str, value: Json, column: int) -> list[str]:
        """Like the neighbours: on one line, or on lines below."""
        layout = replace(self._layout, texts=quoting_of(self._text, parent, self._layout.texts))
        written = self._in_line_as_beside(parent, value)
        if written is None and isinstance(value, str):
            written = inline_text(value, layout)
        if written is None and (isinstance(value, str) or inline_text(value, self._layout) is None):
            return entry_lines(head, value, column, self._layout)
        beside = dash_of(self._text, parent, self._layout.items) if head == "-" else f"{head} "
        return [f"{' ' * column}{beside}{inline_text(value, self._layout) if written is None else written}"]

    def _in_line_as_beside(self, parent: Node, value: Json) -> str | None:
        return in_line_as_beside(
            self._text, parent.entries, value, lambda node: flow_text_as_in(self._text, node, value, self._layout)
        )
