"""Add and remove entries between brackets or braces, in JSON and in YAML flow style."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.texts.in_place.splices import Splices
from reconciler.texts.nodes import Entry, Node, Shape

_SEPARATOR: Final = re.compile(r"\s*,\s*")
_BLANK: Final = re.compile(r"\s*")
_LINE: Final = 120
"""Maximum length of a mapping or list on one line, if its neighbours are."""


def remove_in_brackets(splices: Splices, parent: Node, gone: Sequence[Entry]) -> None:
    """Remove entries, each with one comma; at least one is kept. A comment after the entry before them stays."""
    left_out = {id(entry) for entry in gone}
    runs = [(goes, list(run)) for goes, run in groupby(parent.entries, key=lambda entry: id(entry) in left_out)]
    for number, (goes, run) in enumerate(runs):
        if not goes:
            continue
        behind = runs[number + 1][1][0] if number + 1 < len(runs) else None
        before = runs[number - 1][1][-1] if number else None
        if before is None or "#" in splices.text[before.end : run[0].start]:
            splices.remove(run[0].start, behind.start if behind else run[-1].end)
        else:
            splices.remove(before.end, run[-1].end)


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
    """Insert entries after `after`, or before the first kept one, separated like their neighbours, or else by `comma`."""
    separator = _separator(splices.text, parent, comma)
    for key, value in new:
        if after is None:
            splices.insert(before.start, write(key, value) + separator)
        else:
            splices.insert(after.end, separator + write(key, value))


def in_line_as_beside(text: str, neighbours: Sequence[Entry], value: Json, write: Callable[[Node], str]) -> str | None:
    """A mapping or list on one line if all its siblings are, with the same spaces inside the brackets; else None.

    `write` returns it on one line, in the style of the given sibling.
    """
    if not isinstance(value, dict | list) or not value:
        return None
    shape = Shape.MAPPING if isinstance(value, dict) else Shape.SEQUENCE
    beside = [entry.node for entry in neighbours if entry.node.entries]
    first = next((node for node in beside if node.shape is shape), None)
    if first is None or not all(node.flow and "\n" not in text[node.start : node.end] for node in beside):
        return None
    written = write(first)
    space = " " if text[first.inner + 1] == " " else ""
    line = written[0] + space + written[1:-1] + space + written[-1]
    return line if len(line) <= _LINE else None


def insert_again_in_brackets(
    splices: Splices, parent: Node, after: Entry | None, before: Entry, moved: Entry, *, comma: str
) -> None:
    """Insert a moved item as it is written."""
    written = splices.text[moved.start : moved.end]
    insert_in_brackets(splices, parent, after, before, [("", None)], write=lambda _key, _value: written, comma=comma)


def _separator(text: str, parent: Node, comma: str) -> str:
    entries = parent.entries
    if len(entries) > 1:
        between = text[entries[0].end : entries[1].start]
        return between if _SEPARATOR.fullmatch(between) else comma
    lead = text[parent.inner + 1 : entries[0].start]
    return f",{lead}" if "\n" in lead and _BLANK.fullmatch(lead) else comma
