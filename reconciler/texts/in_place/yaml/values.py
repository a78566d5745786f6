"""Replace values in YAML; anchors and comments beside them stay."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.documents.json_text import Json
from reconciler.texts.in_place.splices import Splices
from reconciler.texts.in_place.yaml.block_scalars import same_style, text_column
from reconciler.texts.in_place.yaml.lines import (
    blank_lines_end,
    column_of,
    is_block,
    line_end,
    line_start,
    lines_end,
    lines_with_break,
    properties_end,
)
from reconciler.texts.nodes import Entry, Node, Shape
from reconciler.texts.yaml_nodes import HEADER
from reconciler.texts.yaml_writing import Layout, document_lines, flow_text, inline_text, literal_lines, quoted


class YamlValues:
    """Replaces values in one document. A new value has a header on the line of its key or dash, lines below it, or both."""

    def __init__(self, text: str, layout: Layout, line_break: str) -> None:
        self._text = text
        self._layout = layout
        self._break = line_break

    def replace(self, splices: Splices, parent: Node, entry: Entry, value: Json) -> None:
        if parent.flow:
            self._replace_in_brackets(splices, entry, value)
            return
        header, body = self._parts(entry, value)
        if entry.key is not None and self._text[entry.head - 1] != ":":
            below = self._below([f"{' ' * column_of(self._text, entry.start)}: {header}".rstrip(" "), *body])
            splices.insert(line_end(self._text, entry.head), below)
            return
        start, anchor = self._begin(splices, entry.node)
        header = f"{anchor} {header}".strip()
        if is_block(entry.node):
            self._replace_block(splices, entry, header, body)
        elif entry.node.block_text:
            self._replace_text(splices, entry, start, header, body)
        else:
            self._replace_inline(splices, entry, start, header, body)

    def _replace_in_brackets(self, splices: Splices, entry: Entry, value: Json) -> None:
        node = entry.node
        start, anchor = self._begin(splices, node)
        has_colon = self._text[entry.head - 1] == ":"
        lead = "" if start < node.end or entry.key is None else " " if has_colon else ": "
        written = self._in_same_quotes(node, value) or flow_text(value, self._layout)
        splices.replace(start, node.end, lead + f"{anchor} {written}".strip())

    def _parts(self, entry: Entry, value: Json) -> tuple[str, list[str]]:
        """What follows the dash or colon, and the lines below it."""
        node, column = entry.node, column_of(self._text, entry.start)
        if isinstance(value, str) and node.block_text and (same := same_style(self._text, entry, value)):
            return same
        inline = self._in_same_quotes(node, value) or inline_text(value, self._layout)
        if inline is not None:
            return inline, []
        nested = column + self._layout.nested("-" if entry.key is None else "", value)
        if isinstance(value, str):
            header, *body = literal_lines(value, (text_column(self._text, entry) if node.block_text else None) or nested)
            return header, body
        return "", document_lines(value, self._nested_column(entry, nested, value), self._layout)

    def _in_same_quotes(self, node: Node, value: Json) -> str | None:
        """A string in the quotes of the value that it replaces; None if that was not quoted, or other quotes save escapes."""
        quote = self._text[node.inner : node.inner + 1]
        if node.shape is not Shape.SCALAR or node.inner == node.end or quote not in ("'", '"') or not isinstance(value, str):
            return None
        if value.isprintable() and quote == "'":
            return quoted(value, quote)
        if value.isprintable():
            return f'"{value}"' if '"' not in value and "\\" not in value else None
        return quoted(value) if quote == '"' and not node.block_text and "\n" in str(node.value) else None

    def _nested_column(self, entry: Entry, nested: int, value: Json) -> int:
        """The column of the lines of a collection: that of the lines it replaces, or the indentation of the text."""
        node = entry.node
        is_same = not node.odd and (node.shape is Shape.SEQUENCE) is isinstance(value, list)
        if is_block(node) and (is_same or line_start(self._text, node.inner) <= entry.head):
            return column_of(self._text, node.inner)
        is_beside = self._is_compact(entry) and entry.head < node.start == node.inner
        return column_of(self._text, node.start) if is_beside else nested

    def _begin(self, splices: Splices, node: Node) -> tuple[int, str]:
        """The start of the replaced range, after the anchor. A tag is replaced with the value; then the anchor is written again."""
        end = properties_end(self._text, node)
        if node.shape is Shape.ALIAS or end == node.start:
            return node.start, ""
        if "!" not in self._text[node.start : end]:
            return node.inner, ""
        anchor = f"&{node.anchor}" if node.anchor is not None else ""
        if not is_block(node):
            return node.start, anchor
        splices.replace(node.start, end, anchor)
        return node.inner, ""

    def _replace_block(self, splices: Splices, entry: Entry, header: str, body: list[str]) -> None:
        node, end = entry.node, lines_end(self._text, entry)
        if line_start(self._text, node.inner) <= entry.head:
            inside = "\n" in self._text[node.inner : node.end]
            column = column_of(self._text, node.inner)
            new = [header, *body] if header else [body[0][column:], *body[1:]]
            splices.replace(node.inner, end if inside or body else node.end, self._break.join(new))
            return
        head = properties_end(self._text, node) if node.start < node.inner else entry.head
        if header:
            splices.insert(head, self._lead(entry, head) + header)
            splices.replace(line_end(self._text, head), end, self._below(body))
        else:
            splices.replace(line_start(self._text, node.inner), end, self._break.join(body))

    def _replace_text(self, splices: Splices, entry: Entry, start: int, header: str, body: list[str]) -> None:
        """Replace a block scalar; a comment after its header stays."""
        node = entry.node
        found = HEADER.match(self._text, node.inner)
        end = found.end() if found else node.inner
        first_line = line_end(self._text, end)
        is_compact = not header and self._is_compact(entry) and node.start == node.inner
        if is_compact:
            header, body = body[0].lstrip(" "), body[1:]
        if header:
            splices.replace(start, end, header)
        else:
            self._cut(splices, start, end)
        last_line = lines_end(self._text, entry) if body else node.end
        splices.replace(first_line, blank_lines_end(self._text, last_line) if "+" in header else last_line, self._below(body))

    def _replace_inline(self, splices: Splices, entry: Entry, start: int, header: str, body: list[str]) -> None:
        """Replace a value after its dash or colon, or alone on the line below."""
        node = entry.node
        end = line_end(self._text, node.end)
        if header:
            lead = self._lead(entry, start) if start == node.end else ""
            splices.replace(start, node.end, lead + header)
            splices.replace(end, lines_end(self._text, entry) if body else end, self._below(body))
        elif (
            self._is_compact(entry) and node.start == start and (node.start < node.end or not self._text[node.end : end].strip())
        ):
            lead = " " * (self._layout.items - 1) if node.start == node.end else ""
            splices.replace(node.start, node.end if lead == "" else end, lead + body[0].lstrip(" "))
            splices.insert(end, self._below(body[1:]))
        else:
            self._clear(splices, entry, start)
            splices.insert(end, self._below(body))

    def _clear(self, splices: Splices, entry: Entry, start: int) -> None:
        """Remove a value on one line that lines below replace. A comment beside it stays."""
        node = entry.node
        begin, end = line_start(self._text, start), line_end(self._text, node.end)
        if not self._text[begin:start].strip(" ") and not self._text[node.end : end].strip():
            splices.remove(*lines_with_break(self._text, begin, end))
        elif start < node.end:
            self._cut(splices, start, node.end)

    def _cut(self, splices: Splices, start: int, end: int) -> None:
        """Remove part of a line, up to the comment after it; no leading tab is left."""
        begin = line_start(self._text, start)
        behind = self._text[end : line_end(self._text, end)]
        start = len(self._text[:start].rstrip(" ")) if self._text[begin:start].strip(" ") else start
        blanks = len(behind) - len(behind.lstrip(" \t"))
        splices.replace(start, end + blanks, " " * (blanks if "\t" not in behind[:blanks] else 1) if behind[blanks:] else "")

    def _lead(self, entry: Entry, position: int) -> str:
        """The space before a value, if it is not there yet."""
        return "" if self._text[position - 1] == " " and position > entry.head else " "

    def _is_compact(self, entry: Entry) -> bool:
        """Whether the value is on the line of its dash."""
        return entry.key is None and line_start(self._text, entry.node.start) <= entry.head

    def _below(self, lines: Sequence[str]) -> str:
        return self._break + self._break.join(lines) if lines else ""
