"""Two values side by side, as rows of an HTML page.

Strings are unescaped here; the template escapes them on output. The rows of a change, the characters of a line, and the size and diff work
of a page are all bounded.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice, zip_longest
from typing import Final, TypeAlias

from reconciler.documents.places import MISSING, Missing
from reconciler.errors import count
from reconciler.reports.sinks.values import Value, common_start, compact, is_short, lines_of, summary_of

_ROWS: Final = 240
"""Maximum number of rows of one value or one difference."""
_UNFOLDED: Final = 16
"""Number of rows shown unfolded; a longer value is folded."""
_CONTEXT: Final = 3
_LINE: Final = 600
"""Maximum number of characters of one line."""
_AHEAD: Final = 60
"""Characters of a long line shown before its first difference."""
_DIFFABLE: Final = 2_000
"""Maximum number of lines for a line diff; beyond that a diff is too slow."""
_ROW_COST: Final = 100
"""Approximate number of characters of markup around one row."""

Line: TypeAlias = str | Missing | None
"""A line of one side: MISSING if there is no value on this side, None if the value has no line here."""
Pair: TypeAlias = tuple["RowKind", Line, Line]


class Mark(StrEnum):
    """The style of a piece of a line."""

    PLAIN = "plain"
    DIFFERENT = "different"
    NOTE = "note"
    """Text of the report, not part of the value."""
    NOTHING = "nothing"
    """Text of the report in place of a missing value."""


class RowKind(StrEnum):
    """How the two sides of a row relate."""

    SAME = "same"
    CHANGED = "changed"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Block:
    """Equal or different lines of both sides."""

    is_same: bool
    left: Sequence[Line]
    right: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line."""

    text: str
    mark: Mark = Mark.PLAIN


Cell: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of both sides; None if a side has no line here. The text of a gap is on the left."""

    kind: RowKind
    left: Cell | None
    right: Cell | None


@dataclass(frozen=True, slots=True)
class Diff:
    """The diff of a change. `summary` is a short description; `left_out` counts what is not shown, or is empty."""

    rows: tuple[Row, ...]
    summary: str
    left_out: str = ""
    one_sided: bool = False

    @property
    def is_folded(self) -> bool:
        return len(self.rows) > _UNFOLDED


@dataclass(slots=True)
class Room:
    """The remaining budget of a page: characters of output, and lines to compare."""

    characters: int = 5_000_000
    comparisons: int = 200_000

    @property
    def is_full(self) -> bool:
        return self.characters <= 0

    def take(self, rows: tuple[Row, ...]) -> None:
        cells = (cell for row in rows for cell in (row.left, row.right) if cell)
        self.characters -= _ROW_COST * len(rows) + sum(len(piece.text) for cell in cells for piece in cell)

    def may_compare(self, lines: int) -> bool:
        """Whether this many lines may be compared; if so, they are deducted."""
        if lines > min(_DIFFABLE, self.comparisons):
            return False
        self.comparisons -= lines
        return True


def side_by_side(left: Value, right: Value, room: Room) -> Diff:
    """Both values, line by line; MISSING on one side is an addition or a removal."""
    if room.is_full:
        return _no_room(left if right is MISSING else right)
    blocks = tuple(_blocks(left, right, room))
    if left is MISSING or right is MISSING:
        return _shown(blocks, summary_of(left if right is MISSING else right), room)
    return _shown(blocks, f"{count(_different(blocks), 'line')} different", room)


def one_side(value: Value, room: Room) -> Diff:
    """A value without a counterpart."""
    if room.is_full:
        return _no_room(value)
    return _shown((Block(False, (), _lines(value)),), summary_of(value), room, one_sided=True)


def _no_room(value: Value) -> Diff:
    return Diff((), summary_of(value), "not shown: the page is full (the JSON report has it)")


def _shown(blocks: tuple[Block, ...], summary: str, room: Room, *, one_sided: bool = False) -> Diff:
    pairs = chain.from_iterable(_pairs(block, block is blocks[0], block is blocks[-1]) for block in blocks)
    rows = tuple(_row(*pair) for pair in islice(pairs, _ROWS))
    room.take(rows)
    more = _different(blocks) - sum(row.kind is RowKind.CHANGED for row in rows)
    left_out = f"… {count(more, 'more line')} (the JSON report has all)" if more else ""
    return Diff(rows, summary, left_out, one_sided)


def _different(blocks: tuple[Block, ...]) -> int:
    return sum(max(len(block.left), len(block.right)) for block in blocks if not block.is_same)


def _lines(value: Value) -> list[str]:
    return [compact(value)] if is_short(value) else lines_of(value)


def _blocks(left: Value, right: Value, room: Room) -> Iterator[Block]:
    if left is MISSING or right is MISSING:
        yield Block(False, [left] if left is MISSING else _lines(left), [right] if right is MISSING else _lines(right))
        return
    if is_short(left) and is_short(right):
        yield Block(False, [compact(left)], [compact(right)])
        return
    before, after = lines_of(left), lines_of(right)
    if before == after:  # a string that looks like the JSON of the other value
        before, after = [compact(left)], [compact(right)]
    yield from _compared(before, after, room)


def _compared(before: list[str], after: list[str], room: Room) -> Iterator[Block]:
    """Alternating blocks of equal and different lines. A common start and end is found without a line diff."""
    start = common_start(before, after)
    end = common_start(before[start:][::-1], after[start:][::-1])
    stop, after_stop = len(before) - end, len(after) - end
    if start:
        yield Block(True, before[:start], after[:start])
    yield from _middle(before[start:stop], after[start:after_stop], room)
    if end:
        yield Block(True, before[stop:], after[after_stop:])


def _middle(before: list[str], after: list[str], room: Room) -> Iterator[Block]:
    if not before or not after or not room.may_compare(len(before) + len(after)):
        yield Block(False, before, after)
        return
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after).get_opcodes():
        yield Block(tag == "equal", before[i1:i2], after[j1:j2])


def _pairs(block: Block, is_first: bool, is_last: bool) -> Iterator[Pair]:
    """The lines of a block in pairs. Of equal lines, only those near a difference are shown."""
    if not block.is_same:
        yield from ((RowKind.CHANGED, old, new) for old, new in zip_longest(block.left, block.right))
        return
    ahead = 0 if is_first else _CONTEXT
    behind = 0 if is_last else _CONTEXT
    hidden = len(block.left) - ahead - behind
    if hidden <= 1:
        yield from ((RowKind.SAME, line, line) for line in block.left)
        return
    yield from ((RowKind.SAME, line, line) for line in block.left[:ahead])
    yield RowKind.GAP, f"… {count(hidden, 'line')} the same", None
    yield from ((RowKind.SAME, line, line) for line in block.left[ahead + hidden :])


def _row(kind: RowKind, left: Line, right: Line) -> Row:
    if kind is RowKind.GAP:
        return Row(kind, _cell(left), None)
    if kind is RowKind.SAME or not isinstance(left, str) or not isinstance(right, str):
        return Row(kind, _cell(left), _cell(right))
    start = common_start(left, right)
    end = common_start(left[start:][::-1], right[start:][::-1])
    longer = max(len(left), len(right))
    if longer <= _LINE and 3 * (start + end) < longer:
        return Row(kind, _cell(left), _cell(right))
    return Row(kind, _with_difference(left, start, end), _with_difference(right, start, end))


def _cell(line: Line) -> Cell | None:
    if line is MISSING:
        return (Piece(compact(MISSING), Mark.NOTHING),)
    return None if line is None else _cut(line, Mark.PLAIN, _LINE)


def _with_difference(line: str, start: int, end: int) -> Cell:
    """The line with its differences marked; a long line starts just before the first."""
    stop = len(line) - end
    skipped = max(start - _AHEAD, 0) if len(line) > _LINE else 0
    ahead = (Piece(f"… {count(skipped, 'character')} the same ", Mark.NOTE),) if skipped else ()
    shown = (Piece(line[skipped:start]), *_cut(line[start:stop], Mark.DIFFERENT, _LINE), *_cut(line[stop:], Mark.PLAIN, _LINE))
    return (*ahead, *(piece for piece in shown if piece.text))


def _cut(text: str, mark: Mark, limit: int) -> Cell:
    if len(text) <= limit:
        return (Piece(text, mark),)
    return Piece(text[:limit], mark), Piece(f" … {count(len(text) - limit, 'more character')}", Mark.NOTE)
