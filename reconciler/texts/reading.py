"""The result of reading a document: its value and every mistake in it; and limits shared by both syntaxes.

A reader accepts bytes and never raises: it reports every mistake, not only the first.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from itertools import islice
from typing import Final, TypeAlias

import msgspec

from reconciler.documents.json_text import Json

Position: TypeAlias = tuple[int, int]
"""Line and column, both from 1; a column counts characters."""

MAX_BYTES: Final = 5_000_000
MAX_LEVELS: Final = 200
MAX_PARTS: Final = 100_000
"""Keys, values and brackets of one document. It limits the time for many small values; `MAX_BYTES` does not."""
MAX_DIGITS: Final = 4300
"""Digits of one integer: the default limit of CPython."""
MAX_MISTAKES: Final = 100
"""Mistakes reported for one document."""

_BOM: Final = "\ufeff"
LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")


class Mistake(msgspec.Struct, frozen=True):
    """One mistake in a document, with its position."""

    code: str
    """The violated rule: `syntax`, `duplicate-key`, `encoding`, …"""
    message: str
    line: int
    column: int
    hint: str
    """The next step."""


class Reading(msgspec.Struct, frozen=True):
    """The result of reading a document.

    Without mistakes, `value` is exactly the value of the document. With mistakes, it is the part that could be read, or None: use it only
    to look for more mistakes.
    """

    value: Json
    mistakes: tuple[Mistake, ...] = ()
    top: Mapping[str, Position] = msgspec.field(default_factory=dict)
    """The position of each top-level key that the reader has seen (empty for JSON)."""


def text_of(data: bytes) -> str | Mistake:
    """These bytes as a UTF-8 string without a byte order mark, or the mistake if they are not UTF-8 or too many."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes; the limit is {MAX_BYTES:,}"
        return Mistake("too-large", message, 1, 1, hint="a spec is a few kilobytes: look for pasted data")
    try:
        return data.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        position = position_after(data[: error.start].decode("utf-8", "replace").removeprefix(_BOM))
        return Mistake("encoding", f"byte 0x{data[error.start]:02x} is not UTF-8 here", *position, hint="save the file as UTF-8")


def too_many_parts(position: Position) -> Mistake:
    """The mistake for a document with more than `MAX_PARTS` parts, at the position of the first one too many."""
    message = f"the file has more than {MAX_PARTS:,} keys, values and brackets"
    return Mistake("too-large", message, *position, hint="a spec is a few kilobytes: look for pasted data")


def position_after(before: str) -> Position:
    """The position directly after this text."""
    breaks = list(LINE_BREAK.finditer(before))
    return len(breaks) + 1, len(before) - (breaks[-1].end() if breaks else 0) + 1


class Lines:
    """Converts offsets in a text to positions."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in LINE_BREAK.finditer(text))]

    def position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def unprintable(text: str, characters: re.Pattern[str], code: str, hint: str) -> tuple[Mistake, ...]:
    """A mistake for each character of this class in the text."""
    lines = Lines(text)
    found = islice(characters.finditer(text), MAX_MISTAKES)
    return tuple(
        Mistake(code, f"the character U+{ord(match[0]):04X} is not allowed in a file", *lines.position(match.start()), hint=hint)
        for match in found
    )
