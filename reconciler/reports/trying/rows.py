"""Records as a table that a person can read: as wide as the terminal, or turned on its side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.documents.json_text import Document, Json, encode
from reconciler.reports.sinks.escaping import for_terminal
from reconciler.reports.sinks.text import width

_CELL: Final = 28
"""Maximum columns of a cell in a table with one line for each record."""
_LEAST: Final = 8
"""Minimum columns of a cell in a table with one line for each field."""
_FIELDS: Final = 40
"""Maximum number of fields."""
_LONGEST: Final = 400
"""Characters of a value that are looked at."""
_DEPTH: Final = 2
"""How deep objects are shown as fields of their own."""
_GAP: Final = "  "


def record_lines(rows: Sequence[Json], columns: int, *, whole: bool = False) -> list[str]:
    """The lines of a table of these records, none wider than `columns`; nested values are compact JSON.

    One line for each record if every field fits, else one line for each field. `whole` shows every field.
    """
    rows = [flat(row) for row in rows]
    names = names_of(rows)
    cells = [[_cell(row, name) for name in names] for row in rows]
    wide = _table([names, *cells], [_CELL] * len(names))
    if wide and max(map(width, wide)) <= columns:
        return [wide[0], _rule(wide), *wide[1:]]
    shown = names if whole else names[:_FIELDS]
    first = min(max((width(name) for name in shown), default=0), max(columns // 3, _LEAST))
    room = max((columns - first - len(_GAP) * len(rows)) // max(len(rows), 1), _LEAST)
    turned = [[_end_of(name, first), *(line[index] for line in cells)] for index, name in enumerate(shown)]
    lines = _table(turned, [first, *[room] * len(rows)])
    left = len(names) - len(shown)
    return [*lines, f"… {left:,} more fields (-v shows all)"] if left else lines


def flat(row: Json, depth: int = _DEPTH) -> Document:
    """The fields of a record; those of objects in it have dotted names. What is not an object is one field without a name."""
    if not isinstance(row, dict):
        return {"": row}
    fields: Document = {}
    for name, value in row.items():
        if isinstance(value, dict) and value and depth:
            fields |= {f"{name}.{inner}": item for inner, item in flat(value, depth - 1).items()}
        else:
            fields[name] = value
    return fields


def names_of(rows: Sequence[Document]) -> list[str]:
    """The fields of all records in the order in which they occur."""
    names: dict[str, None] = {}
    for row in rows:
        names |= dict.fromkeys(row)
    return list(names)


def _cell(row: Document, name: str) -> str:
    return _shown(row[name]) if name in row else ""


def _shown(value: Json) -> str:
    text = value if isinstance(value, str) else encode(value).decode()
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _table(lines: Sequence[Sequence[str]], limits: Sequence[int]) -> list[str]:
    """The cells as lines, each column as wide as it must be and at most its limit."""
    cut = [[cut_to(cell, limit) for cell, limit in zip(line, limits, strict=True)] for line in lines]
    widths = [max(map(width, column)) for column in zip(*cut, strict=True)]
    return [
        _GAP.join(cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=True)).rstrip() for line in cut
    ]


def _rule(lines: Sequence[str]) -> str:
    return "-" * max(map(width, lines))


def _end_of(name: str, columns: int) -> str:
    """The end of a name, which tells it from others of the same object, in at most this many columns."""
    shown = for_terminal(name[-_LONGEST:])
    if width(shown) <= columns:
        return shown
    while width(shown) > columns - 1:
        shown = shown[1:]
    return "…" + shown


def cut_to(text: str, columns: int) -> str:
    """The text, as a terminal shows it, in at most this many columns."""
    shown = for_terminal(text[: columns + _LONGEST])
    if width(shown) <= columns:
        return shown
    kept = shown[:columns]
    while width(kept) > columns - 1:
        kept = kept[:-1]
    return kept + "…"
