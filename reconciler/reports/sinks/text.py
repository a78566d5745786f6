"""The sink for terminals and logs: lines of parts, escaped when rendered.

Reports give content and a style; `render` is the only output and escapes everything.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Any

from reconciler.reports.sinks.escaping import for_terminal, without_commands

INDENT = "  "


class Style(Enum):
    """What a part of a line is; only a terminal that wants colours shows it."""

    STRONG = "strong"
    QUIET = "quiet"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    WARNING = "warning"


_LOOKS: dict[Style, dict[str, Any]] = {
    Style.STRONG: {"bold": True},
    Style.QUIET: {"dim": True},
    Style.ADDED: {"fg": "green"},
    Style.REMOVED: {"fg": "red"},
    Style.CHANGED: {"fg": "yellow"},
    Style.WARNING: {"fg": "magenta"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line with a style."""

    text: str
    style: Style | None = None


class Text:
    """A text that grows by lines. What a line is given, in strings or parts, is untrusted until it is rendered."""

    def __init__(self, *, color: bool = False) -> None:
        self._color = color
        self._lines: list[str] = []

    def line(self, *parts: str | Part, indent: int = 0) -> None:
        """One line; a line break inside a part is shown as an escape, and never begins another line."""
        pieces = [Part(part) if isinstance(part, str) else part for part in parts]
        shown = [Part(for_terminal(piece.text), piece.style) for piece in pieces]
        plain = INDENT * indent + "".join(piece.text for piece in shown)
        harmless = without_commands(plain)
        if harmless == plain and self._color:
            harmless = INDENT * indent + "".join(_styled(piece) for piece in shown)
        self._lines.append(harmless)

    def blank(self) -> None:
        """An empty line, unless the text begins here or there is one already."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def render(self) -> str:
        """The text, each line ended; empty for no lines."""
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "".join(f"{line}\n" for line in self._lines)


def _styled(part: Part) -> str:
    if part.style is None or not part.text:
        return part.text
    import click  # noqa: PLC0415 - most reports are rendered without colours

    return click.style(part.text, **_LOOKS[part.style])


def width(text: str) -> int:
    """The columns that a terminal needs for this text, as it will be shown."""
    shown = for_terminal(text)
    return len(shown) if shown.isascii() else sum(_columns(char) for char in shown)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """The rows with their columns aligned, two spaces apart. All rows have the same number of cells."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows]
