"""How a YAML text is written: how far it indents, and in which quotes its texts stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from reconciler.authoring.nodes import Entry, Node, Shape
from reconciler.authoring.yaml_nodes import line_start
from reconciler.authoring.yaml_writing import Layout, quoted, text_scalar

_BODY: Final = re.compile(r"\n( *)[^ \r\n]")
"""The first line of a block text that is not blank."""


def layout_of(text: str, root: Node) -> Layout:
    """What most entries of the text do; where there is none to learn from, what new files do."""
    steps: Counter[int] = Counter()
    lists: Counter[int] = Counter()
    items: Counter[int] = Counter()
    for entry in _block_entries(root):
        node = entry.node
        if node.start == node.end:
            continue
        column = _column(text, entry.start)
        begins_below = line_start(text, node.inner) > entry.head
        if entry.key is None and not begins_below and node.entries:
            items[_column(text, node.inner) - column] += 1
        elif entry.key is not None and begins_below:
            (lists if node.shape is Shape.SEQUENCE else steps)[_column(text, node.inner) - column] += 1
        elif entry.key is not None and node.block_text and (body := _BODY.search(text, node.inner, node.end)):
            steps[len(body[1]) - column] += 1
    usual = Layout()
    step = max(_most(steps, usual.step), 1)
    return Layout(step, _most(lists, step), max(_most(items, usual.items), 2))


def quotes_of(text: str, parent: Node) -> tuple[str | None, bool]:
    """The quote that the texts of a collection stand in, if they agree; and whether every one of them is quoted."""
    strings = [entry.node for entry in parent.entries if isinstance(entry.node.value, str) and not entry.node.block_text]
    found = {text[node.inner] for node in strings if text[node.inner : node.inner + 1] in ("'", '"')}
    quote = found.pop() if len(found) == 1 else None
    return quote, quote is not None and all(text[node.inner] == quote for node in strings)


def text_as_beside(text: str, parent: Node, value: str) -> str:
    """A text for one line, in quotes where its neighbours are, or where it has to be; then in theirs."""
    quote, always = quotes_of(text, parent)
    plain = text_scalar(value)
    return quoted(value, quote or '"') if always or plain != value else plain


def _block_entries(node: Node) -> Iterator[Entry]:
    """Every entry in block style. Depth costs no stack."""
    due = [node]
    while due:
        current = due.pop()
        if current.flow or current.odd:
            continue
        yield from current.entries
        due += [entry.node for entry in current.entries if entry.node.entries]


def _most(found: Counter[int], otherwise: int) -> int:
    """The commonest width, of equally common ones the smallest."""
    return min(found, key=lambda width: (-found[width], width)) if found else otherwise


def _column(text: str, position: int) -> int:
    return position - line_start(text, position)
