"""JSON token by token, without recursion: the grammar, and a message for what violates it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final, TypeAlias

Token: TypeAlias = re.Match[str]
"""A match with one group: `string`, `number` (with fraction and exponent in `part`), `word` or `sign`."""

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_TOKEN: Final = re.compile(
    r'(?P<string>"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?P<part>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?))"
    r"|(?P<word>-?[A-Za-z]+)"
    r"|(?P<sign>[][{}:,])"
)
_CLOSED_BY: Final = {"{": "}", "[": "]"}


class Part(Enum):
    """The role of a token."""

    KEY = auto()
    SCALAR = auto()
    START = auto()
    END = auto()
    BETWEEN = auto()
    """A colon or comma."""


class JsonFault(ValueError):
    """The offset at which a document is no longer JSON, and the reason; the reason is empty for an empty document."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


class _Due(Enum):
    """The tokens allowed next."""

    VALUE = "a value"
    VALUE_OR_END = "a value or ']'"
    KEY = "a key in double quotes"
    KEY_OR_END = "a key in double quotes or '}'"
    COLON = "':'"
    COMMA_OR_END = "',' or the closing bracket"
    NOTHING = "the end of the file"


_VALUES: Final = frozenset({_Due.VALUE, _Due.VALUE_OR_END})
_KEYS: Final = frozenset({_Due.KEY, _Due.KEY_OR_END})
_CLOSABLE: Final = frozenset({_Due.KEY_OR_END, _Due.VALUE_OR_END, _Due.COMMA_OR_END})


def tokens(text: str) -> Iterator[tuple[Part, Token]]:
    """The tokens of one value, without colons and commas. Raises JsonFault where the document is not JSON.

    Words other than true, false and null, and invalid escapes, are left to the caller.
    """
    due, brackets = _Due.VALUE, list[str]()
    offset = _after_space(text, 0)
    while offset < len(text):
        token = _TOKEN.match(text, offset)
        if token is None:
            unclosed = "this quoted string is not closed, or holds a control character"
            raise JsonFault(offset, unclosed if text[offset] == '"' else f"unexpected {text[offset]!r}")
        part = _part_of(token, due, brackets)
        if part is not Part.BETWEEN:
            yield part, token
        due = _due_after(part, token[0], brackets)
        offset = _after_space(text, token.end())
    if due is not _Due.NOTHING:
        raise JsonFault(offset, f"the file ends where {due.value} is expected" if text.strip() else "")


def _part_of(token: Token, due: _Due, brackets: list[str]) -> Part:
    sign = token["sign"]
    if sign is None:
        if due in _VALUES:
            return Part.SCALAR
        if due in _KEYS and token["string"] is not None:
            return Part.KEY
    elif sign in _CLOSED_BY:
        if due in _VALUES:
            return Part.START
    elif sign in ":,":
        if due is (_Due.COLON if sign == ":" else _Due.COMMA_OR_END):
            return Part.BETWEEN
    elif due in _CLOSABLE and _CLOSED_BY[brackets[-1]] == sign:
        return Part.END
    if token[0] in {"}", "]"} and due in {_Due.KEY, _Due.VALUE} and brackets:
        raise JsonFault(token.start(), "trailing comma")
    raise JsonFault(token.start(), f"found {token[0][:40]!r} where {due.value} is expected")


def _due_after(part: Part, raw: str, brackets: list[str]) -> _Due:
    if part is Part.KEY:
        return _Due.COLON
    if part is Part.START:
        brackets.append(raw)
        return _Due.KEY_OR_END if raw == "{" else _Due.VALUE_OR_END
    if part is Part.BETWEEN:
        return _Due.KEY if raw == "," and brackets[-1] == "{" else _Due.VALUE
    if part is Part.END:
        brackets.pop()
    return _Due.COMMA_OR_END if brackets else _Due.NOTHING


def _after_space(text: str, offset: int) -> int:
    space = _SPACE.match(text, offset)
    return space.end() if space else offset
