"""A rendered text for a terminal of a given width: lines are wrapped between words, never inside one."""

from __future__ import annotations

import re
from typing import Final

from reconciler.reports.sinks.text import width

LEAST: Final = 24
"""Minimum number of columns to wrap for; a narrower terminal is treated as this wide."""
_NEXT: Final = re.compile("next: (?:reconciler|gh) ")
"""The begin of a line with a command to copy, which goes on behind a backslash."""
_PASTED: Final = "| "
"""Begins a line of a file to write, which is never wrapped."""
_LOOK: Final = re.compile(r"\x1b\[[0-9;]*m")
_WORDS: Final = re.compile(r" *(?:`[^`]*`|[^ `]|`)+")
"""A word with the spaces before it. What is quoted as code is one word."""
_ARGUMENTS: Final = re.compile(r" *(?:'[^']*'|\"[^\"]*\"|[^ '\"]|['\"])+")
_CELLS: Final = re.compile(r"\S(?: ?\S)* {2,}(?=\S)")
_HANG: Final = 2
_ON: Final = " \\"


def fitted(text: str, columns: int | None) -> str:
    """The text with lines of at most this many columns, where no single word is longer; None leaves it as it is."""
    if columns is None:
        return text
    return "\n".join(_wrapped(line, max(columns, LEAST)) for line in text.split("\n"))


def _wrapped(line: str, columns: int) -> str:
    plain = _LOOK.sub("", line)
    content = plain.lstrip(" ")
    indent = len(plain) - len(content)
    if width(plain) <= columns or content.startswith(_PASTED):
        return line
    if _NEXT.match(content):
        return _filled(_ARGUMENTS.findall(line), columns, indent + _HANG, _ON)
    words = [part for word in _WORDS.findall(line) for part in _parted(word, columns - indent - _HANG)]
    return _filled(words, columns, _hang(content, indent, columns), "")


def _parted(word: str, room: int) -> list[str]:
    """The word; quoted code that needs more than a line, as its own words."""
    return [word] if width(_LOOK.sub("", word)) <= room or "`" not in word else re.findall(r" *[^ ]+", word)


def _hang(content: str, indent: int, columns: int) -> int:
    """Where a line goes on: below its second cell, if that leaves most of the width, else two columns in."""
    first = _CELLS.match(content)
    below = indent + len(first[0]) if first else columns
    return below if below <= columns // 3 else indent + _HANG


def _filled(words: list[str], columns: int, hang: int, end: str) -> str:
    lines, line, used = [], "", 0
    for number, word in enumerate(words, start=1):
        tail = end if number < len(words) else ""
        wide = width(_LOOK.sub("", word))
        if line.strip() and used + wide + len(tail) > columns:
            lines.append(line + end)
            bare = word.lstrip(" ")
            line, used = " " * hang + bare, hang + width(_LOOK.sub("", bare))
        else:
            line, used = line + word, used + wide
    return "\n".join([*lines, line])
