"""How entries of a YAML text come, go and change."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.authoring.brackets import insert_again_in_brackets, insert_in_brackets, remove_in_brackets
from reconciler.authoring.nodes import Entry, Node, Shape
from reconciler.authoring.splices import Splices
from reconciler.authoring.yaml_habits import layout_of, quotes_of, text_as_beside
from reconciler.authoring.yaml_nodes import line_end, line_start
from reconciler.authoring.yaml_writing import document_lines, entry_lines, flow_text, inline_text, key_head, literal_lines, quoted
from reconciler.documents.json_text import Json


class YamlStyle:
    """The habits of one text, whose last line ends with a line break.

    What is new in block style is written as `yaml_writing` does, at the indentation of its neighbours, and indented as the text is.
    """

    def __init__(self, text: str, root: Node) -> None:
        self._text = text
        self._layout = layout_of(text, root)
        self._break = "\r\n" if "\r\n" in text else "\n"

    def replace(self, splices: Splices, parent: Node, entry: Entry, value: Json) -> None:
        node = entry.node
        anchor = f"&{node.anchor} " if node.anchor is not None and node.shape is not Shape.ALIAS else ""
        if parent.flow:
            lead = " " if node.start == node.end and self._text[node.start - 1] == ":" else ""
            splices.replace(node.start, node.end, lead + anchor + flow_text(value))
            return
        header, body = self._parts(entry, value)
        header = (anchor + header).rstrip()
        if _is_block(node):
            self._replace_block(splices, entry, header, body)
        else:
            self._replace_inline(splices, entry, header, body)

    def remove(
        self, splices: Splices, parent: Node, gone: Sequence[Entry], kept: Sequence[Entry], moved: Sequence[Entry]
    ) -> None:
        if parent.flow:
            remove_in_brackets(splices, parent, gone, kept)
            return
        for entry in gone:
            begin = line_start(self._text, entry.start)
            if self._text[begin : entry.start].strip(" "):
                splices.remove(entry.start, kept[0].start)  # behind a dash: what follows moves up to it
            elif not (entry.start < kept[0].start and self._is_behind_dash(parent.entries[0])):
                above = self._comments_above(entry) if entry in moved else begin
                self._remove_lines(splices, above, line_end(self._text, entry.end))

    def insert(self, splices: Splices, parent: Node, after: Entry | None, before: Entry, new: Sequence[tuple[str, Json]]) -> None:
        is_list = parent.shape is Shape.SEQUENCE
        if parent.flow:

            def write(key: str, value: Json) -> str:
                written = self._in_brackets(parent, value)
                return written if is_list else f"{flow_text(key)}: {written}"

            insert_in_brackets(splices, parent, after, before, new, write=write, comma=", ")
            return
        column = self._column(before.start)
        lines: list[str] = []
        for key, value in new:
            lines += self._entry_lines(parent, "-" if is_list else key_head(key, column), value, column)
        self._insert_lines(splices, after, before, self._joined(lines), is_list=is_list)

    def insert_again(self, splices: Splices, parent: Node, after: Entry | None, before: Entry, moved: Entry) -> None:
        if parent.flow:
            insert_again_in_brackets(splices, parent, after, before, moved, comma=", ")
            return
        begin = line_start(self._text, moved.start)
        blanks = self._text[begin : moved.start]
        begin = moved.start if blanks.strip(" ") else self._comments_above(moved)
        lines = self._text[begin : line_end(self._text, moved.end)]
        lead = " " * self._column(moved.start) if begin == moved.start else ""
        self._insert_lines(splices, after, before, lead + lines, is_list=True)

    def _insert_lines(self, splices: Splices, after: Entry | None, before: Entry, lines: str, *, is_list: bool) -> None:
        """Behind an entry, or before the first one that is kept: there an item of a list keeps the comments above it."""
        column = self._column(before.start)
        if after is not None:
            splices.insert(line_end(self._text, after.end), self._break + lines)
        elif is_list and not self._is_behind_dash(before):
            splices.insert(self._comments_above(before), lines + self._break)
        else:
            splices.insert(before.start, lines[column:] + self._break + " " * column)

    def _comments_above(self, entry: Entry) -> int:
        """Where the lines begin that belong to an entry: its own, and those above it with a comment in its column."""
        begin = line_start(self._text, entry.start)
        lead = self._text[begin : entry.start]
        while begin > 0:
            above = line_start(self._text, begin - 1)
            if not self._text.startswith(f"{lead}#", above):
                break
            begin = above
        return begin

    def _entry_lines(self, parent: Node, head: str, value: Json, column: int) -> list[str]:
        if isinstance(value, str) and inline_text(value) is not None:
            dash = " " * (self._layout.items - 1) if head == "-" else " "
            return [f"{' ' * column}{head}{dash}{text_as_beside(self._text, parent, value)}"]
        return entry_lines(head, value, column, self._layout)

    def _in_brackets(self, parent: Node, value: Json) -> str:
        """A value between brackets; a text in the quotes of its neighbours where those have some."""
        quote, always = quotes_of(self._text, parent)
        written = flow_text(value)
        if isinstance(value, str) and quote is not None and (always or written != value):
            return quoted(value, quote)
        return written

    def _parts(self, entry: Entry, value: Json) -> tuple[str, list[str]]:
        """What stands behind the dash or colon, and the lines below it."""
        column = self._column(entry.start)
        inline = inline_text(value)
        if inline is not None:
            return self._in_same_quotes(entry.node, value) or inline, []
        if isinstance(value, str):
            header, *body = literal_lines(value, column + self._layout.nested("-" if entry.key is None else "", value))
            return header, body
        return "", document_lines(value, self._nested_column(entry, column, value), self._layout)

    def _in_same_quotes(self, node: Node, value: Json) -> str | None:
        """A text in the kind of quotes that the value before stands in; None where that had none, or the text has to be escaped."""
        quote = self._text[node.inner : node.inner + 1]
        if node.shape is not Shape.SCALAR or node.start == node.end or quote not in ("'", '"') or not isinstance(value, str):
            return None
        if not value.isprintable() or quote in value or "\\" in value:
            return None
        return f"{quote}{value}{quote}"

    def _nested_column(self, entry: Entry, column: int, value: Json) -> int:
        """Where the lines of a collection begin: as those before it, or as far from their parent as the text has it."""
        node = entry.node
        if _is_block(node) and not node.odd and (node.shape is Shape.SEQUENCE) is isinstance(value, list):
            return self._column(node.inner)
        if self._is_compact(entry):
            return self._column(node.inner)
        return column + self._layout.nested("-" if entry.key is None else "", value)

    def _replace_block(self, splices: Splices, entry: Entry, header: str, body: list[str]) -> None:
        """In the place of a mapping or list over lines."""
        node = entry.node
        begin = line_start(self._text, node.inner)
        if begin <= entry.head:
            splices.replace(node.start, node.end, self._compact(header, body, self._column(node.inner)))
        elif node.start < node.inner or (header and body):
            splices.replace(entry.head, node.end, self._joined([f" {header}" if header else "", *body]))
        else:
            if header:
                splices.insert(entry.head, f" {header}")
            if body:
                splices.replace(begin, node.end, self._joined(body))
            else:
                self._remove_lines(splices, begin, line_end(self._text, node.end))

    def _replace_inline(self, splices: Splices, entry: Entry, header: str, body: list[str]) -> None:
        """In the place of what stands behind its dash or colon, or alone below it."""
        node = entry.node
        lead = " " if node.start == entry.head else ""
        if not body:
            splices.replace(node.start, node.end, lead + header)
        elif node.block_text:
            splices.replace(entry.head, node.end, self._joined([f" {header}" if header else "", *body]))
        elif line_start(self._text, node.start) > entry.head:
            begin = node.start if header else line_start(self._text, node.start)
            splices.replace(begin, node.end, self._joined([header, *body] if header else body))
        elif not header and self._is_compact(entry):
            splices.replace(node.start, node.end, body[0].lstrip(" "))
            self._insert_below(splices, node, body[1:])
        else:
            splices.replace(entry.head, node.end, f" {header}" if header else "")
            self._insert_below(splices, node, body)

    def _insert_below(self, splices: Splices, node: Node, lines: list[str]) -> None:
        if lines:
            splices.insert(line_end(self._text, node.end), self._break + self._joined(lines))

    def _compact(self, header: str, body: list[str], column: int) -> str:
        if header:
            return self._joined([header, *body])
        return self._joined(body)[column:]

    def _remove_lines(self, splices: Splices, begin: int, end: int) -> None:
        """Whole lines, with the line break before them: what is inserted behind the last one stands at its end."""
        if begin == 0:
            splices.remove(0, self._text.index("\n", end) + 1)
        else:
            splices.remove(begin - (2 if self._text[:begin].endswith("\r\n") else 1), end)

    def _is_compact(self, entry: Entry) -> bool:
        """Whether the value stands in the line of its dash."""
        return entry.key is None and entry.node.start > entry.head and line_start(self._text, entry.node.start) <= entry.head

    def _is_behind_dash(self, entry: Entry) -> bool:
        return bool(self._text[line_start(self._text, entry.start) : entry.start].strip(" "))

    def _column(self, position: int) -> int:
        return position - line_start(self._text, position)

    def _joined(self, lines: Sequence[str]) -> str:
        return self._break.join(lines)


def _is_block(node: Node) -> bool:
    return node.shape in (Shape.MAPPING, Shape.SEQUENCE) and not node.flow
