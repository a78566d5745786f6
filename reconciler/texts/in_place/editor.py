"""Compare the nodes of a document with the wanted value, and collect the changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from reconciler.documents.json_text import Document, Json, encode_sorted
from reconciler.texts.in_place.alignment import align
from reconciler.texts.in_place.splices import Splices
from reconciler.texts.nodes import Entry, Node, Shape, value_of


class Style(Protocol):
    """How one syntax adds, removes and changes entries."""

    def replace(self, splices: Splices, parent: Node, entry: Entry, value: Json) -> None:
        """Replace the value of an entry; its anchor stays."""

    def rename(self, splices: Splices, parent: Node, entry: Entry, key: str) -> None:
        """Rename the key of an entry; its quotes stay."""

    def remove(self, splices: Splices, parent: Node, gone: Sequence[Entry], kept: Sequence[Entry]) -> None:
        """Remove entries, with their comments; at least one is kept."""

    def insert(self, splices: Splices, parent: Node, after: Entry | None, before: Entry, new: Sequence[tuple[str, Json]]) -> None:
        """Insert entries (with empty keys in a list) after `after`, or before the first kept one."""

    def insert_again(self, splices: Splices, parent: Node, after: Entry | None, before: Entry, moved: Entry) -> None:
        """Insert a moved list item as it is written, with the comments above it."""


class Editor:
    """Changes one document. Down to `levels`, single entries are changed; deeper values are replaced as a whole."""

    def __init__(self, text: str, style: Style, levels: int) -> None:
        self._splices = Splices(text)
        self._style = style
        self._levels = levels
        self._anchors: dict[str, Json] = {}
        """The new value of each anchor met so far."""

    def change_root(self, root: Node, wanted: Document) -> str:
        """The changed document. Raises ValueError if it cannot be changed."""
        if root.shape is not Shape.MAPPING or root.odd or not self._mapping(root, wanted, 1):
            raise ValueError("the whole text would have to be written anew")
        return self._splices.result()

    def _change(self, parent: Node, entry: Entry, wanted: Json, level: int) -> None:
        node = entry.node
        if node.shape is Shape.ALIAS:
            name = node.anchor or ""
            if name not in self._anchors or not alike(self._anchors[name], wanted):
                node.anchor = None
                self._style.replace(self._splices, parent, entry, wanted)
            return
        if not self._changed_within(node, wanted, level):
            self._style.replace(self._splices, parent, entry, wanted)
        if node.anchor is not None:
            self._anchors[node.anchor] = wanted

    def _changed_within(self, node: Node, wanted: Json, level: int) -> bool:
        """Whether the node has the wanted value, perhaps after changes inside it."""
        if node.shape is Shape.SCALAR:
            return not isinstance(wanted, dict | list) and alike(node.value, wanted)
        anchors = dict(self._anchors)
        if alike(value_of(node, anchors), wanted):
            self._anchors = anchors
            return True
        if node.odd or level >= self._levels or not node.entries:
            return False
        if node.shape is Shape.MAPPING:
            return isinstance(wanted, dict) and self._mapping(node, wanted, level + 1)
        return isinstance(wanted, list) and self._list(node, wanted, level + 1)

    def _mapping(self, node: Node, wanted: Document, level: int) -> bool:
        """Change entries of a mapping; return False, with nothing done, if none of them is kept."""
        for entry, key in self._renamed(node, wanted):
            self._style.rename(self._splices, node, entry, key)
            entry.key = key
        kept = [entry for entry in node.entries if entry.key in wanted]
        if not kept:
            return False
        for entry in kept:
            self._change(node, entry, wanted[entry.key or ""], level)
        gone = [entry for entry in node.entries if entry.key not in wanted]
        if gone:
            self._style.remove(self._splices, node, gone, kept)
        self._insert_keys(node, kept, wanted)
        return True

    def _renamed(self, node: Node, wanted: Document) -> Iterator[tuple[Entry, str]]:
        """Entries that keep their value and position under a new key, with that key."""
        keys = {entry.key for entry in node.entries}
        if not (keys - wanted.keys() and wanted.keys() - keys):
            return
        new: dict[tuple[str | None, bytes], str] = {}
        behind: str | None = None
        for key, value in wanted.items():
            if key in keys:
                behind = key
            else:
                new.setdefault((behind, encode_sorted(value)), key)
        behind = None
        for entry in node.entries:
            if entry.key in wanted:
                behind = entry.key
            elif entry.name and "\n" not in self._splices.text[entry.name.start : entry.name.end]:
                key = new.pop((behind, encode_sorted(value_of(entry.node, dict(self._anchors)))), "")
                if key:
                    yield entry, key

    def _insert_keys(self, node: Node, kept: Sequence[Entry], wanted: Document) -> None:
        by_key = {entry.key: entry for entry in kept}
        after: Entry | None = None
        new: list[tuple[str, Json]] = []
        for key, value in wanted.items():
            if key not in by_key:
                new.append((key, value))
                continue
            if new:
                self._style.insert(self._splices, node, after, kept[0], new)
            new, after = [], by_key[key]
        if new:
            self._style.insert(self._splices, node, after, kept[0], new)

    def _list(self, node: Node, wanted: list[Json], level: int) -> bool:
        """Change items of a list; return False, with nothing done, if none of them is kept."""
        pairs = align([value_of(entry.node, dict(self._anchors)) for entry in node.entries], wanted)
        kept = [node.entries[old] for old, new in pairs if old is not None and new is not None]
        if not kept:
            return False
        after: Entry | None = None
        gone: list[Entry] = []
        inserted: list[tuple[Entry | None, Json]] = []
        for old, new in pairs:
            if old is None and new is not None:
                inserted.append((after, wanted[new]))
            elif new is None and old is not None:
                gone.append(node.entries[old])
            elif old is not None and new is not None:
                after = node.entries[old]
                self._change(node, after, wanted[new], level)
        moved = self._moved(gone, [value for _, value in inserted])
        if gone:
            self._style.remove(self._splices, node, gone, kept)
        for (behind, value), entry in zip(inserted, moved, strict=True):
            if entry:
                self._style.insert_again(self._splices, node, behind, kept[0], entry)
            else:
                self._style.insert(self._splices, node, behind, kept[0], [("", value)])
        return True

    def _moved(self, gone: Sequence[Entry], new: Sequence[Json]) -> list[Entry | None]:
        """For each new item, a removed item with the same value, if any; each is used once."""
        if not (gone and new):
            return [None] * len(new)
        by_value: dict[bytes, list[Entry]] = {}
        for entry in reversed(gone):
            by_value.setdefault(encode_sorted(value_of(entry.node, dict(self._anchors))), []).append(entry)
        found = (by_value.get(encode_sorted(value)) for value in new)
        return [entries.pop() if entries else None for entries in found]


def alike(one: Json, other: Json) -> bool:
    """Whether two values are equal except for the order of keys; 1 is not 1.0."""
    return encode_sorted(one) == encode_sorted(other)
