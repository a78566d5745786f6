"""The style of a YAML document: indentation, quotes, and what is on one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.texts.in_place.yaml.lines import BODY, column_of, line_start
from reconciler.texts.nodes import Entry, Node, Shape
from reconciler.texts.yaml_writing import Layout, Quoting, flow_text

_QUOTES: Final = ("'", '"')


def layout_of(text: str, root: Node) -> Layout:
    """The most common indentation and style of the entries; without an example in the document, those of new files."""
    steps: Counter[int] = Counter()
    lists: Counter[int] = Counter()
    items: Counter[int] = Counter()
    entries = list(_block_entries(root))
    for entry in entries:
        node = entry.node
        if node.start == node.end:
            continue
        column = column_of(text, entry.start)
        begins_below = line_start(text, node.inner) > entry.head
        if entry.key is None and not begins_below and node.entries:
            items[column_of(text, node.inner) - column] += 1
        elif entry.key is not None and begins_below:
            (lists if node.shape is Shape.SEQUENCE else steps)[column_of(text, node.inner) - column] += 1
        elif entry.key is not None and node.block_text and (body := BODY.search(text, node.inner, node.end)):
            steps[len(body[1]) - column] += 1
    usual = Layout()
    step = max(_most(steps, _most(lists, 0) or usual.step), 1)
    return Layout(
        step,
        _most(lists, step),
        max(_most(items, usual.items), 2),
        words_in_line=_has_words_in_line(entry.node for entry in entries),
        keys=_quoting(text[entry.start] for entry in entries if entry.key is not None),
        texts=_quoting(text[node.inner] for node in _texts(entry.node for entry in entries)),
    )


def line_break_of(text: str) -> str:
    """The most common line break."""
    return "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"


def quoting_of(text: str, parent: Node, otherwise: Quoting) -> Quoting:
    """The quoting of the strings of a collection; the given one if it has no strings, or uses both quotes."""
    texts = list(_texts(entry.node for entry in parent.entries))
    found = {text[node.inner] for node in texts} & set(_QUOTES)
    quote = found.pop() if len(found) == 1 else otherwise.quote
    return Quoting(quote, all(text[node.inner] == quote for node in texts) if texts else otherwise.always)


def dash_of(text: str, parent: Node, otherwise: int) -> str:
    """The dash of a list with the spaces after it, like its first item that begins on the line of its dash."""
    for entry in parent.entries:
        if entry.node.inner > entry.head and line_start(text, entry.node.inner) <= entry.head:
            return f"-{' ' * (entry.node.inner - entry.head)}" if entry.node.start == entry.node.inner else "- "
    return f"-{' ' * (otherwise - 1)}"


def flow_text_as_in(text: str, node: Node, value: Json, layout: Layout) -> str:
    """The value in flow style, with the quoting of this node."""
    keys = _quoting(text[entry.start] for entry in node.entries if entry.key is not None)
    return flow_text(value, Layout(keys=keys, texts=quoting_of(text, node, layout.texts)))


def _texts(nodes: Iterable[Node]) -> Iterator[Node]:
    """The plain and quoted strings below a node."""
    for node in nodes:
        if node.shape is Shape.SCALAR and isinstance(node.value, str) and not node.block_text and node.inner < node.end:
            yield node


def _quoting(first: Iterable[str]) -> Quoting:
    """The most common quote among the first characters of strings, and whether all are quoted."""
    found = Counter(character if character in _QUOTES else "" for character in first)
    usual = Quoting()
    quote = max(_QUOTES, key=lambda one: (found[one], one == usual.quote))
    return Quoting(quote, bool(found) and not found[""])


def _has_words_in_line(nodes: Iterable[Node]) -> bool:
    """Whether at least half of the lists of scalars are in flow style."""
    lists = [node for node in nodes if node.shape is Shape.SEQUENCE and not any(entry.node.entries for entry in node.entries)]
    return 2 * sum(node.flow for node in lists) >= len(lists)


def _block_entries(node: Node) -> Iterator[Entry]:
    """Every entry in block style, without recursion."""
    due = [node]
    while due:
        current = due.pop()
        if current.flow or current.odd:
            continue
        yield from current.entries
        due += [entry.node for entry in current.entries if entry.node.entries]


def _most(found: Counter[int], otherwise: int) -> int:
    """The most common width, the smallest on a tie."""
    return min(found, key=lambda width: (-found[width], width)) if found else otherwise
