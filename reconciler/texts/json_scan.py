"""The slow way through JSON text: token by token, without recursion, with the position of everything and each mistake.

It is only used on a text in which something is wrong, and when somebody asks where in a text something stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from math import isfinite
from typing import Final, NoReturn

import msgspec

from reconciler.documents.json_text import Json
from reconciler.texts.positions import Positions
from reconciler.texts.reading import MAX_DIGITS, MAX_LEVELS, MAX_MISTAKES, MAX_PARTS, Lines, Mistake, too_many_parts

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_TOKEN: Final = re.compile(
    r'(?P<string>"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]+)?)"
    r"|(?P<word>-?[A-Za-z]+)"
    r"|(?P<sign>[][{}:,])"
)
_WORDS: Final = {"null": None, "true": True, "false": False}
_NOT_FINITE: Final = frozenset({"NaN", "Infinity", "-Infinity"})


@dataclass(frozen=True, slots=True)
class JsonScan:
    """What the slow way found: the value as far as there is one, the mistakes in the text's order, and the positions."""

    value: Json
    mistakes: tuple[Mistake, ...]
    positions: Positions


SYNTAX_HINT: Final = "JSON has no comments, no single quotes and no trailing commas"


class _Due(Enum):
    """What may come next."""

    VALUE = auto()
    VALUE_OR_END = auto()
    KEY = auto()
    KEY_OR_END = auto()
    COLON = auto()
    COMMA_OR_END = auto()
    NOTHING = auto()


_EXPECTED: Final = {
    _Due.VALUE: "a value",
    _Due.VALUE_OR_END: "a value or ']'",
    _Due.KEY: "a key in double quotes",
    _Due.KEY_OR_END: "a key in double quotes or '}'",
    _Due.COLON: "':'",
    _Due.COMMA_OR_END: "',' or the closing bracket",
    _Due.NOTHING: "the end of the text",
}

_PUNCTUATION: Final = frozenset({":", ","})
_CLOSING: Final[dict[str, type]] = {"}": dict, "]": list}
_CLOSABLE: Final = frozenset({_Due.KEY_OR_END, _Due.VALUE_OR_END, _Due.COMMA_OR_END})


class _Stop(Exception):
    """Scanning cannot go on; the mistake that says why is noted already."""


def scan_json(text: str) -> JsonScan:
    """All that can be told about this text. Where it cannot be read to its end there is no value: what is missing could not be told."""
    scanner = _Scanner(text)
    try:
        scanner.run()
    except _Stop:
        scanner.value = None
    return JsonScan(scanner.value, tuple(scanner.mistakes), scanner.positions)


class _Scanner:
    __slots__ = ("_due", "_frames", "_key", "_lines", "_parts", "_text", "mistakes", "positions", "value")

    def __init__(self, text: str) -> None:
        self.mistakes: list[Mistake] = []
        self.positions = Positions()
        self.value: Json = None
        self._text = text
        self._lines = Lines(text)
        self._due = _Due.VALUE
        self._key = ""
        self._frames: list[Json] = []
        self._parts = 0

    def run(self) -> None:
        offset = self._after_space(0)
        while offset < len(self._text):
            token = _TOKEN.match(self._text, offset)
            if token is None:
                self._refuse(offset, self._unreadable(offset))
            if token["sign"] not in _PUNCTUATION:
                self._count(token)
            self._take(token)
            offset = self._after_space(token.end())
        if self._due is not _Due.NOTHING:
            if not self._text.strip():
                self._stop(offset, "empty", "there is nothing in this text", "write the document, or remove the file")
            self._refuse(offset, f"the text ends where {_EXPECTED[self._due]} is due")

    def _count(self, token: re.Match[str]) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            self.mistakes.append(too_many_parts(self._lines.position(token.start())))
            raise _Stop

    def _after_space(self, offset: int) -> int:
        space = _SPACE.match(self._text, offset)
        return space.end() if space else offset

    def _take(self, token: re.Match[str]) -> None:
        due, text, offset = self._due, token[0], token.start()
        if text in _CLOSING and due in _CLOSABLE and isinstance(self._frames[-1], _CLOSING[text]):
            self._close()
        elif text == ":" and due is _Due.COLON:
            self._due = _Due.VALUE
        elif text == "," and due is _Due.COMMA_OR_END:
            self._due = _Due.KEY if isinstance(self._frames[-1], dict) else _Due.VALUE
        elif token["string"] is not None and due in {_Due.KEY, _Due.KEY_OR_END}:
            self._take_key(token)
        elif due in {_Due.VALUE, _Due.VALUE_OR_END} and text not in {"}", "]", ":", ","}:
            self._take_value(token)
        else:
            self._refuse(offset, self._unexpected(text))

    def _take_key(self, token: re.Match[str]) -> None:
        self._key = self._string(token)
        if self._key in self._frames[-1]:
            message = f"the key {self._key[:80]!r} is written twice in this object"
            self._note(token.start(), "duplicate-key", message, "remove one of the two")
        self.positions.key(self._key, self._lines.position(token.start()))
        self._due = _Due.COLON

    def _take_value(self, token: re.Match[str]) -> None:
        if token["sign"] is None:
            self._put(self._scalar(token), token.start())
            self._due = _Due.COMMA_OR_END if self._frames else _Due.NOTHING
            return
        if len(self._frames) >= MAX_LEVELS:
            message = f"this is nested deeper than {MAX_LEVELS} levels"
            self._stop(token.start(), "too-deep", message, "no spec is: look for brackets by mistake")
        container: Json = {} if token[0] == "{" else []
        self._put(container, token.start())
        self._frames.append(container)
        self.positions.enter()
        self._due = _Due.KEY_OR_END if token[0] == "{" else _Due.VALUE_OR_END

    def _put(self, value: Json, offset: int) -> None:
        position = self._lines.position(offset)
        if not self._frames:
            self.value = value
        elif isinstance(self._frames[-1], dict):
            self._frames[-1][self._key] = value
        else:
            self.positions.item(len(self._frames[-1]), position)
            self._frames[-1].append(value)
        self.positions.value(position)

    def _close(self) -> None:
        self._frames.pop()
        self.positions.leave()
        self._due = _Due.COMMA_OR_END if self._frames else _Due.NOTHING

    def _scalar(self, token: re.Match[str]) -> Json:
        if token["string"] is not None:
            return self._string(token)
        return self._word(token) if token["word"] is not None else self._number(token)

    def _word(self, token: re.Match[str]) -> Json:
        if token[0] in _WORDS:
            return _WORDS[token[0]]
        if token[0] not in _NOT_FINITE:
            self._refuse(token.start(), f"{token[0][:40]!r} is no value")
        self._note(token.start(), "scalar", f"{token[0]} is not a number that JSON has", "write a number, or a text in quotes")
        return None

    def _number(self, token: re.Match[str]) -> Json:
        whole = token["fraction"] is None and token["exponent"] is None
        if whole and len(token[0].lstrip("-")) > MAX_DIGITS:
            message = f"an integer of {len(token[0]):,} digits is more than anybody can read back"
            self._note(token.start(), "scalar", message, "write it as a text in quotes")
            return None
        number = int(token[0]) if whole else float(token[0])
        if isinstance(number, float) and not isfinite(number):
            message = f"{token[0][:40]} is larger than any number that is kept exactly enough to be sent"
            self._note(token.start(), "scalar", message, "write it as a text in quotes")
            return None
        return number

    def _string(self, token: re.Match[str]) -> str:
        if "\\" not in token[0]:
            return token[0][1:-1]
        try:
            return msgspec.json.decode(token[0], type=str)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            message = "this text has an escape that is none: an unknown letter, or half a surrogate pair"
            self._note(token.start(), "escape", message, "write the character itself, or \\\\ for a backslash")
            return token[0][1:-1]

    def _unreadable(self, offset: int) -> str:
        character = self._text[offset]
        if character == '"':
            return "this text in quotes does not end, or holds a control character"
        return f"{character!r} begins nothing in JSON"

    def _unexpected(self, text: str) -> str:
        if text in {"}", "]"} and self._due in {_Due.KEY, _Due.VALUE} and self._frames:
            return "there is a comma too many before this bracket"
        return f"{text[:40]!r} stands where {_EXPECTED[self._due]} is due"

    def _refuse(self, offset: int, message: str) -> NoReturn:
        self._stop(offset, "syntax", f"this is not JSON: {message}", SYNTAX_HINT)

    def _note(self, offset: int, code: str, message: str, hint: str) -> None:
        self.mistakes.append(Mistake(code, message, *self._lines.position(offset), hint=hint))
        if len(self.mistakes) >= MAX_MISTAKES:
            raise _Stop

    def _stop(self, offset: int, code: str, message: str, hint: str) -> NoReturn:
        self._note(offset, code, message, hint)
        raise _Stop
