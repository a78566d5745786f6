"""Live JSON to values that can go back as they came.

msgspec reads what is in order. A text that it would not give back (a key twice, `-0`), or cannot read (half of a surrogate pair, a number
of 5,000 digits, 3,000 levels), is read again token by token, without recursion; what no value can hold stays the text that it is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import Enum, auto
from math import isfinite
from typing import Any, Final, NoReturn

import msgspec

from reconciler.documents.json_text import Json, NotJson, encode
from reconciler.documents.verbatim import SpelledNumber, Verbatim
from reconciler.texts.reading import MAX_DIGITS

MAX_LEVELS: Final = 210
"""Levels that are looked into: more than spec files may have, with room for what a service adds."""

_TOKEN: Final = re.compile(
    r'[ \t\n\r]*(?:(?P<string>"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?P<part>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?))"
    r"|(?P<word>true|false|null)"
    r"|(?P<sign>[][{}:,]))"
)
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NEGATIVE_ZERO: Final = re.compile(rb"(?<![0-9A-Za-z.+-])-0(?![0-9.eE])")
_WORDS: Final = {"null": None, "true": True, "false": False}
_CLOSED_BY: Final = {"{": "}", "[": "]"}


def decode_exact(data: bytes | bytearray | memoryview) -> Json:
    """The value that these bytes hold, which `encode` writes as it was written here, but for white space and escapes.

    Raises NotJson for what is not one JSON value in UTF-8.
    """
    raw = bytes(data)
    try:
        value = _decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _scanned(raw)
    return value if _is_ordinary(raw) and (encode(value) == raw or _is_as_written(value, raw)) else _scanned(raw)


def readable(text: bytes) -> Json:
    """The value of this text, or None where it has none that can be read."""
    try:
        return decode_exact(text)
    except NotJson:
        return None


def _spelled(text: str) -> float | Verbatim:
    value = float(text)
    if not isfinite(value):
        return Verbatim(text)
    return value if msgspec.json.encode(value) == text.encode() else SpelledNumber(text)


_decoder: Final = msgspec.json.Decoder(float_hook=_spelled)


def _is_ordinary(raw: bytes) -> bool:
    """Whether its brackets alone say that it is not nested too deep."""
    return raw.count(b"[") + raw.count(b"{") <= MAX_LEVELS or _depth(raw) <= MAX_LEVELS


def _depth(raw: bytes) -> int:
    deepest = level = 0
    for byte in re.finditer(rb"[][{}]", _STRING.sub(b"", raw)):
        level += 1 if byte[0] in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


def _is_as_written(value: Json, raw: bytes) -> bool:
    """Whether no key is there twice and no integer is spelled otherwise than we would: the rest the decoder has kept."""
    return _NEGATIVE_ZERO.search(raw) is None and _entries(value) == _STRING.sub(b"", raw).count(b":")


def _entries(value: Json) -> int:
    """How many keys the objects of a value have together."""
    entries, level = 0, [value]
    while level:
        entries += sum(len(item) for item in level if type(item) is dict)
        children = (item.values() if type(item) is dict else item for item in level)
        level = [child for several in children for child in several if type(child) is dict or type(child) is list]
    return entries


class _Due(Enum):
    """What may come next."""

    VALUE = auto()
    VALUE_OR_END = auto()
    KEY = auto()
    KEY_OR_END = auto()
    COLON = auto()
    COMMA_OR_END = auto()


@dataclass(slots=True)
class _Frame:
    """A container that is being read; `start` is where its text begins, and `is_whole` is False once its value does not say it all."""

    sign: str
    start: int
    value: Any
    key: str = ""
    is_whole: bool = True

    def put(self, item: Json) -> None:
        if self.sign == "[":
            self.value.append(item)
            return
        self.is_whole &= self.key not in self.value
        self.value[self.key] = item


def _scanned(raw: bytes) -> Json:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise NotJson(str(error)) from None
    return _Scan(text).run()


@dataclass(slots=True)
class _Scan:
    """One pass over a text, without recursion."""

    text: str
    due: _Due = _Due.VALUE
    frames: list[_Frame] = field(default_factory=list)
    values: list[Json] = field(default_factory=list)

    def run(self) -> Json:
        """The one value of the text. Raises NotJson."""
        offset, end = 0, len(self.text.rstrip(" \t\n\r"))
        while offset < end and not self.values:
            token = _TOKEN.match(self.text, offset)
            if token is None:
                self._refuse(offset)
            self._take(token)
            offset = token.end()
        if offset < end or not self.values:
            self._refuse(offset)
        return self.values[0]

    def _take(self, token: re.Match[str]) -> None:
        sign, at = token["sign"], token.end() - 1
        if self.due in {_Due.KEY, _Due.KEY_OR_END}:
            if token["string"] is not None:
                self.frames[-1].key = self._string(token)
                self.due = _Due.COLON
            else:
                self._close(sign, at, may_end=self.due is _Due.KEY_OR_END)
        elif self.due is _Due.COLON:
            self.due = _Due.VALUE if sign == ":" else self._refuse(at)
        elif self.due is _Due.COMMA_OR_END:
            if sign == ",":
                self.due = _Due.KEY if self.frames[-1].sign == "{" else _Due.VALUE
            else:
                self._close(sign, at, may_end=True)
        elif sign is None:
            self._put(self._scalar(token))
        elif sign in _CLOSED_BY:
            self.frames.append(_Frame(sign, at, {} if sign == "{" else []))
            self.due = _Due.KEY_OR_END if sign == "{" else _Due.VALUE_OR_END
        else:
            self._close(sign, at, may_end=self.due is _Due.VALUE_OR_END)

    def _put(self, value: Json) -> None:
        if self.frames:
            self.frames[-1].put(value)
            self.due = _Due.COMMA_OR_END
        else:
            self.values.append(value)

    def _close(self, sign: str | None, at: int, *, may_end: bool) -> None:
        if not may_end or not self.frames or sign != _CLOSED_BY[self.frames[-1].sign]:
            self._refuse(at)
        level, frame = len(self.frames), self.frames.pop()
        if level > MAX_LEVELS + 1:
            self._put(None)  # it is part of the text of the container at the first level that is not looked into
        elif level > MAX_LEVELS or not frame.is_whole:
            self._put(Verbatim(self.text[frame.start : at + 1]))
        else:
            self._put(frame.value)

    def _scalar(self, token: re.Match[str]) -> Json:
        if token["string"] is not None:
            return self._string(token)
        if token["word"] is not None:
            return _WORDS[token["word"]]
        text = token["number"]
        if token["part"]:
            return _spelled(text)
        if len(text.lstrip("-")) > MAX_DIGITS:
            return Verbatim(text)
        return SpelledNumber(text) if text == "-0" else int(text)

    def _string(self, token: re.Match[str]) -> str:
        try:
            return str(json.loads(token["string"]))
        except ValueError:
            self._refuse(token.start())

    def _refuse(self, offset: int) -> NoReturn:
        raise NotJson(f"JSON is malformed: unexpected text (character {offset})")
