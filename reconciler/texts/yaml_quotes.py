"""Locate an unclosed quote: the parser reports it only lines later, at the next quote or at the end of the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from reconciler.texts.reading import LINE_BREAK, Position

_OPENING: Final = re.compile(r"(?:(?<=[:\-?,] )|(?<=[\[{])|(?<=[\[{,:] )|^[ \t]*)(?P<quote>[\"'])", re.MULTILINE)
"""A quote where a value or a key may begin."""
_CLOSING: Final = {'"': re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"(?:[^']|'')*'", re.DOTALL)}
_MAX_LINES: Final = 200
"""Maximum number of lines searched above the one where the parser stopped."""


def unclosed_quote(text: str, line: int) -> Position | None:
    """Line and column (from 1) of a quote opened on an earlier line and closed only on this line (from 0), or never."""
    starts = [0, *(found.end() for found in LINE_BREAK.finditer(text))]
    end = min(line, len(starts) - 1)
    for row in range(end, max(end - _MAX_LINES, -1), -1):
        until = starts[row + 1] if row + 1 < len(starts) else len(text)
        for found in _OPENING.finditer(text, starts[row], until):
            closed = _CLOSING[found["quote"]].match(text, found.end())
            if closed is None or (
                row < end and closed.end() > starts[row + 1] and bisect_right(starts, closed.end() - 1) - 1 == end
            ):
                return row + 1, found.start("quote") - starts[row] + 1
            if closed.end() > until:
                break  # a valid quoted scalar that spans lines
    return None
