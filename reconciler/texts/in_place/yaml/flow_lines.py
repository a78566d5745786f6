"""Add and remove entries of a YAML flow collection that has one entry per line, with their comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.texts.in_place.splices import Splices
from reconciler.texts.in_place.yaml.lines import comments_above, line_end, line_start, lines_with_break
from reconciler.texts.nodes import Entry, Node

_BEHIND: Final = re.compile(r"(?P<comma>[ \t]*,)?[ \t]*(?:(?<=[ \t])#[^\r\n]*)?\r?$", re.MULTILINE)


def stand_in_lines(text: str, node: Node) -> bool:
    """Whether each entry begins a line, followed by nothing but its comma and a comment."""
    return all(
        not text[line_start(text, entry.start) : entry.start].strip(" \t") and _BEHIND.match(text, entry.end)
        for entry in node.entries
    )


def remove_lines(splices: Splices, gone: Sequence[Entry]) -> None:
    """Remove entries, with the comments above and beside them."""
    for entry in gone:
        begin, end = comments_above(splices.text, entry), line_end(splices.text, entry.end)
        splices.remove(*lines_with_break(splices.text, begin, end))


class FlowLines:
    """Inserts entries, each followed by a comma; a new last one is followed by one if the old last one was."""

    def __init__(self, splices: Splices, line_break: str) -> None:
        self._splices = splices
        self._break = line_break
        self._ends_with_comma: dict[int, bool] = {}
        """For each last entry with insertions after it: whether they end with a comma."""

    def insert(
        self, after: Entry | None, before: Entry, new: Sequence[tuple[str, Json]], write: Callable[[str, Json], str]
    ) -> None:
        pad = self._splices.text[line_start(self._splices.text, before.start) : before.start]
        for key, value in new:
            self._put(after, before, pad + write(key, value), ends_with_comma=False)

    def insert_again(self, after: Entry | None, before: Entry, moved: Entry) -> None:
        """Insert a moved item as it is written, with its comments."""
        text = self._splices.text
        begin, end = comments_above(text, moved), line_end(text, moved.end)
        comma = "" if _has_comma(text, moved) else ","
        self._put(after, before, text[begin : moved.end] + comma + text[moved.end : end], ends_with_comma=True)

    def _put(self, after: Entry | None, before: Entry, lines: str, *, ends_with_comma: bool) -> None:
        text = self._splices.text
        comma = "" if ends_with_comma else ","
        if after is None:
            self._splices.insert(comments_above(text, before), lines + comma + self._break)
        elif _has_comma(text, after):
            self._splices.insert(line_end(text, after.end), self._break + lines + comma)
        else:
            if after.end not in self._ends_with_comma:
                self._splices.insert(after.end, ",")
            lead = "" if self._ends_with_comma.get(after.end, True) else ","
            self._splices.insert(line_end(text, after.end), lead + self._break + lines)
            self._ends_with_comma[after.end] = ends_with_comma


def _has_comma(text: str, entry: Entry) -> bool:
    found = _BEHIND.match(text, entry.end)
    return found is not None and found["comma"] is not None
