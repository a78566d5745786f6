"""Entries that come and go between brackets or braces: the same in JSON and in YAML's flow style."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from reconciler.authoring.nodes import Entry, Node
from reconciler.authoring.splices import Splices
from reconciler.documents.json_text import Json

_SEPARATOR: Final = re.compile(r"\s*,\s*")
_BLANK: Final = re.compile(r"\s*")


def remove_in_brackets(splices: Splices, parent: Node, gone: Sequence[Entry], kept: Sequence[Entry]) -> None:
    """Take entries out, each with one comma; at least one is kept."""
    first = parent.entries.index(kept[0])
    if first:
        splices.remove(parent.entries[0].start, kept[0].start)
    for before, entry in zip(parent.entries[first:], parent.entries[first + 1 :], strict=False):
        if entry in gone:
            splices.remove(before.end, entry.end)


def insert_in_brackets(
    splices: Splices,
    parent: Node,
    after: Entry | None,
    before: Entry,
    new: Sequence[tuple[str, Json]],
    *,
    write: Callable[[str, Json], str],
    comma: str,
) -> None:
    """Put new entries behind `after`, or before the first that is kept, spaced as their neighbours are, or else by `comma`."""
    separator = _separator(splices.text, parent, comma)
    for key, value in new:
        if after is None:
            splices.insert(before.start, write(key, value) + separator)
        else:
            splices.insert(after.end, separator + write(key, value))


def insert_again_in_brackets(
    splices: Splices, parent: Node, after: Entry | None, before: Entry, moved: Entry, *, comma: str
) -> None:
    """Put an item where it belongs now, as it is written."""
    written = splices.text[moved.start : moved.end]
    insert_in_brackets(splices, parent, after, before, [("", None)], write=lambda _key, _value: written, comma=comma)


def _separator(text: str, parent: Node, comma: str) -> str:
    entries = parent.entries
    if len(entries) > 1:
        between = text[entries[0].end : entries[1].start]
        return between if _SEPARATOR.fullmatch(between) else comma
    lead = text[parent.inner + 1 : entries[0].start]
    return f",{lead}" if "\n" in lead and _BLANK.fullmatch(lead) else comma
