"""Add and remove entries between brackets or braces, in JSON and in YAML flow style."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.texts.in_place.splices import Splices
from reconciler.texts.nodes import Entry, Node

_SEPARATOR: Final = re.compile(r"\s*,\s*")
_BLANK: Final = re.compile(r"\s*")


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
    """Insert entries after `after`, or before the first kept one, spaced like their neighbours, or else by `comma`."""
    separator = _separator(splices.text, parent, comma)
    for key, value in new:
        if after is None:
            splices.insert(before.start, write(key, value) + separator)
        else:
            splices.insert(after.end, separator + write(key, value))


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
