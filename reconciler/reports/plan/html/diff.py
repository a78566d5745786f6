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
"""Rows that are shown of one value or of one difference."""
_UNFOLDED: Final = 16
"""Rows that stand open; a longer value is folded."""
_CONTEXT: Final = 3
_LINE: Final = 600
"""Characters that are shown of one line."""
_AHEAD: Final = 60
"""Characters that are shown of a long line before its first difference."""
_DIFFABLE: Final = 2_000
"""Lines above which no line diff is made: it would take longer than reading both."""
_ROW_COST: Final = 100
"""Characters of markup around one row, roughly."""

Line: TypeAlias = str | Missing | None
"""A line of one side: MISSING where the side is nothing at all, None where it only has no line here."""
Pair: TypeAlias = tuple["RowKind", Line, Line]


class Mark(StrEnum):
    """What a piece of a line is."""

    PLAIN = "plain"
    DIFFERENT = "different"
    NOTE = "note"
    """Said by the report, and not part of the value."""
    NOTHING = "nothing"
    """Said by the report in the place of a value that is not there."""


class RowKind(StrEnum):
    """What a row says about its two sides."""

    SAME = "same"
    CHANGED = "changed"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of both sides that are the same, or that are not."""

    is_same: bool
    left: Sequence[Line]
    right: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line."""

    text: str
    mark: Mark = Mark.PLAIN


Cell: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of both sides; None where a side has no line here. A gap has its words on the left."""

    kind: RowKind
    left: Cell | None
    right: Cell | None


@dataclass(frozen=True, slots=True)
class Diff:
    """What a page shows of a change. `summary` says it in a few words, `left_out` how much is not shown; empty for nothing."""

    rows: tuple[Row, ...]
    summary: str
    left_out: str = ""
    one_sided: bool = False

    @property
    def is_folded(self) -> bool:
        return len(self.rows) > _UNFOLDED


@dataclass(slots=True)
class Room:
    """What is left of a page: the characters that it may still hold, and the lines that may still be compared for it."""

    characters: int = 8_000_000
    comparisons: int = 200_000

    @property
    def is_full(self) -> bool:
        return self.characters <= 0

    def take(self, rows: tuple[Row, ...]) -> None:
        cells = (cell for row in rows for cell in (row.left, row.right) if cell)
        self.characters -= _ROW_COST * len(rows) + sum(len(piece.text) for cell in cells for piece in cell)

    def may_compare(self, lines: int) -> bool:
        """Whether a line diff over so many lines may be made; it then counts."""
        if lines > min(_DIFFABLE, self.comparisons):
            return False
        self.comparisons -= lines
        return True


def side_by_side(left: Value, right: Value, room: Room) -> Diff:
    """Both values, line beside line; MISSING on one side is an addition or a removal."""
    if room.is_full:
        return _no_room(left if right is MISSING else right)
    blocks = tuple(_blocks(left, right, room))
    if left is MISSING or right is MISSING:
        return _shown(blocks, summary_of(left if right is MISSING else right), room)
    return _shown(blocks, f"{count(_different(blocks), 'line')} different", room)


def one_side(value: Value, room: Room) -> Diff:
    """A value that has nothing to stand beside."""
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
    if before == after:  # a text that reads like the JSON of the other value
        before, after = [compact(left)], [compact(right)]
    yield from _compared(before, after, room)


def _compared(before: list[str], after: list[str], room: Room) -> Iterator[Block]:
    """The lines of both sides in turns of same and different. What both begin and end with is found without a line diff."""
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
    """The lines of a block beside each other. Of lines that are the same, those near a difference."""
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
    """The line with what differs marked; of a long one, from just before that."""
    stop = len(line) - end
    skipped = max(start - _AHEAD, 0) if len(line) > _LINE else 0
    ahead = (Piece(f"… {count(skipped, 'character')} the same ", Mark.NOTE),) if skipped else ()
    shown = (Piece(line[skipped:start]), *_cut(line[start:stop], Mark.DIFFERENT, _LINE), *_cut(line[stop:], Mark.PLAIN, _LINE))
    return (*ahead, *(piece for piece in shown if piece.text))


def _cut(text: str, mark: Mark, limit: int) -> Cell:
    if len(text) <= limit:
        return (Piece(text, mark),)
    return Piece(text[:limit], mark), Piece(f" … {count(len(text) - limit, 'more character')}", Mark.NOTE)
