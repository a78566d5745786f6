"""The sink for terminals and logs: lines of parts, escaped when rendered.

Reports give content and a style; `render` is the only output and escapes everything.
"""

from __future__ import annotations

import unicodedata
from enum import Enum
from typing import Any

import msgspec

from reconciler.reports.sinks.escaping import for_terminal, without_commands

INDENT = "  "


class Style(Enum):
    """The style of a part of a line; shown only on a terminal with colors."""

    STRONG = "strong"
    QUIET = "quiet"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    WARNING = "warning"
    GRAVE = "grave"
    """What cannot be undone, is overwritten, or breaks: the most visible."""


_LOOKS: dict[Style, dict[str, Any]] = {
    Style.STRONG: {"bold": True},
    Style.QUIET: {"dim": True},
    Style.ADDED: {"fg": "green"},
    Style.REMOVED: {"fg": "red"},
    Style.CHANGED: {"fg": "yellow"},
    Style.WARNING: {"fg": "magenta"},
    Style.GRAVE: {"fg": "red", "bold": True},
}


class Part(msgspec.Struct, frozen=True):
    """A styled piece of a line."""

    text: str
    style: Style | None = None


class Text:
    """A text built from lines. Strings and parts are untrusted until they are rendered."""

    def __init__(self, *, color: bool = False) -> None:
        self._color = color
        self._lines: list[str] = []

    def line(self, *parts: str | Part, indent: int = 0) -> None:
        """Add one line. A line break inside a part is shown as an escape and never starts another line."""
        shown = "".join([part if isinstance(part, str) else part.text for part in parts])
        plain = INDENT * indent + for_terminal(shown)
        harmless = without_commands(plain)
        if self._color and harmless == plain:
            harmless = INDENT * indent + "".join(for_terminal(part) if isinstance(part, str) else _styled(part) for part in parts)
        self._lines.append(harmless)

    def blank(self) -> None:
        """Add an empty line, unless the text is empty or already ends with one."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def render(self) -> str:
        """The text, with each line ended; empty without lines."""
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "".join(f"{line}\n" for line in self._lines)


def _styled(part: Part) -> str:
    shown = for_terminal(part.text)
    if part.style is None or not shown:
        return shown
    import click  # noqa: PLC0415 - most reports are rendered without colours

    return click.style(shown, **_LOOKS[part.style])


def width(text: str) -> int:
    """The number of columns that a terminal needs for this text, as rendered."""
    shown = for_terminal(text)
    return len(shown) if shown.isascii() else sum(_columns(char) for char in shown)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Add the rows with aligned columns, two spaces apart. All rows must have the same number of cells."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows]
