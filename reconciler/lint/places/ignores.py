"""Comments that ignore findings: `# reconciler: ignore[code] reason`.

The comment is at the end of the line of the value, or alone on a line above it; several comment lines may be stacked.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from reconciler.texts.nodes import Span
from reconciler.texts.reading import LINE_BREAK, Lines

MENTION: Final = b"reconciler:"
"""A string that every file with such a comment contains."""

_COMMENT: Final = re.compile(
    r"(?:(?<=\s)|^)#[ \t]*reconciler:[ \t]*ignore\b(?:[ \t]*\[(?P<codes>[^\]\r\n]*)\])?[^\r\n]*", re.MULTILINE
)
_BLOCK_HEAD: Final = re.compile(r"(?:[&!]\S*[ \t]+)*[|>][-+0-9]*(?=[ \t\r\n]|\Z)")
"""The header of a block scalar; what follows it on its line is not part of the scalar."""
_ONLY_COMMENT: Final = re.compile(r"\s*#")


@dataclass(slots=True)
class Ignore:
    """One comment: the line that it applies to, its codes, and which of them ignored something."""

    line: int
    codes: tuple[str, ...]
    span: Span
    used: set[str] = field(default_factory=set)
    in_text: bool = False
    """Whether it is inside a string, and so not a comment."""

    @property
    def unused(self) -> tuple[str, ...]:
        return tuple(code for code in self.codes if code not in self.used)


class Ignores:
    """The ignore comments of one file."""

    __slots__ = ("_by_line", "all")

    def __init__(self, found: Sequence[Ignore]) -> None:
        self.all = tuple(found)
        self._by_line: dict[int, list[Ignore]] = {}
        for ignore in self.all:
            self._by_line.setdefault(ignore.line, []).append(ignore)

    def cover(self, code: str, line: int) -> bool:
        """Whether a finding of this rule on this line is ignored; the comments that ignore it are marked as used."""
        covering = [ignore for ignore in self._by_line.get(line, ()) if code in ignore.codes]
        for ignore in covering:
            ignore.used.add(code)
        return bool(covering)


def ignores_in(text: str, scalars: Iterable[Span]) -> Ignores:
    """The ignore comments in the text of a YAML file; `scalars`, in order, contain no comments."""
    if MENTION.decode() not in text:
        return Ignores(())
    scalars, lines = list(scalars), Lines(text)
    rows = LINE_BREAK.split(text)
    below = _lines_below(rows)
    starts = [span.start for span in scalars]
    found: list[Ignore] = []
    for match in _COMMENT.finditer(text):
        before = bisect_right(starts, match.start()) - 1
        line, column = lines.position(match.start())
        if before >= 0 and match.start() < scalars[before].end and not _is_behind_head(text, scalars[before], match.start()):
            if match["codes"] is not None:
                found.append(Ignore(line, (), Span(*match.span()), in_text=True))
            continue
        if not rows[line - 1][: column - 1].strip():
            line = below[line - 1]
        codes = tuple(code.strip() for code in (match["codes"] or "").split(",") if code.strip())
        found.append(Ignore(line, codes, Span(*match.span())))
    return Ignores(found)


def _is_behind_head(text: str, scalar: Span, place: int) -> bool:
    """Whether this offset is on the header line of a block scalar, after the header."""
    head = _BLOCK_HEAD.match(text, scalar.start)
    return head is not None and LINE_BREAK.search(text, head.end(), place) is None


def _lines_below(rows: Sequence[str]) -> list[int]:
    """For each line, the number of the next line that is not only a comment."""
    below = [len(rows) + 1] * len(rows)
    for index in range(len(rows) - 2, -1, -1):
        below[index] = below[index + 1] if _ONLY_COMMENT.match(rows[index + 1]) else index + 2
    return below
