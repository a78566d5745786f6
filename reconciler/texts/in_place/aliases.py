"""Expand aliases whose anchors are about to move."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reconciler.documents.json_text import Document, Json
from reconciler.texts.in_place.splices import Splices
from reconciler.texts.in_place.stages import Place
from reconciler.texts.in_place.yaml.style import YamlStyle
from reconciler.texts.nodes import Entry, Node, Shape
from reconciler.texts.yaml_nodes import yaml_nodes


def written_out(text: str, value: Document, places: Collection[Place]) -> str:
    """The text of `value`, with aliases expanded if both they and their anchors are below one of these places.

    The values there are then the same in any order.
    """
    root = yaml_nodes(text)
    splices, style = Splices(text), YamlStyle(text, root)
    for place in places:
        node, there = root.way(tuple(str(part) for part in place))[-1].node, value
        for part in place:
            there = there[part]  # type: ignore[index] # a place goes through mappings and lists
        anchors = {below.node.anchor for _, below, _ in _entries(node, there) if below.node.shape is not Shape.ALIAS}
        for parent, entry, stands_for in _entries(node, there):
            if entry.node.shape is Shape.ALIAS and entry.node.anchor in anchors:
                style.replace(splices, parent, entry, stands_for)
    return splices.result()


def _entries(node: Node, value: Json) -> Iterator[tuple[Node, Entry, Json]]:
    """Each entry below a node, with its parent and its value."""
    due = [(node, value)]
    while due:
        parent, there = due.pop()
        for index, entry in enumerate(parent.entries):
            said = there[index if entry.key is None else entry.key]
            yield parent, entry, said
            due.append((entry.node, said))
