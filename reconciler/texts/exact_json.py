"""Decode live JSON into values that are sent back to the service unchanged.

msgspec decodes ordinary JSON. JSON that it would not write back as it was (a duplicate key, `-0`) or cannot read (a lone surrogate, a
number of 5,000 digits, 3,000 levels) is read again token by token, without recursion; what no value can hold is kept as text.
"""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any, Final

import msgspec

from reconciler.documents.json_text import Json, NotJson, encode
from reconciler.documents.verbatim import SpelledNumber, Verbatim
from reconciler.texts.json_tokens import JsonFault, Part, Token, tokens
from reconciler.texts.reading import MAX_DIGITS

MAX_LEVELS: Final = 210
"""Levels that are decoded: more than spec files may have, to allow for what a service adds."""

_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NEGATIVE_ZERO: Final = re.compile(rb"(?<![0-9A-Za-z.+-])-0(?![0-9.eE])")
_WORDS: Final = {"null": None, "true": True, "false": False}


def decode_exact(data: bytes | bytearray | memoryview) -> Json:
    """The value of these bytes; `encode` writes it back as it was, except for white space and escapes.

    Raises NotJson if the bytes are not one JSON value in UTF-8.
    """
    raw = bytes(data)
    try:
        value = _decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _scanned(raw)
    return value if _is_ordinary(raw) and (encode(value) == raw or _is_as_written(value, raw)) else _scanned(raw)


def readable(text: bytes) -> Json:
    """The value of this text; None if it is not valid JSON."""
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
    """Whether the nesting is at most `MAX_LEVELS` deep; the number of brackets alone often shows it."""
    return raw.count(b"[") + raw.count(b"{") <= MAX_LEVELS or _depth(raw) <= MAX_LEVELS


def _depth(raw: bytes) -> int:
    deepest = level = 0
    for byte in re.finditer(rb"[][{}]", _STRING.sub(b"", raw)):
        level += 1 if byte[0] in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


def _is_as_written(value: Json, raw: bytes) -> bool:
    """Whether there is no duplicate key and no `-0`, the two things that the decoder loses."""
    return _NEGATIVE_ZERO.search(raw) is None and _entries(value) == _STRING.sub(b"", raw).count(b":")


def _entries(value: Json) -> int:
    """The number of keys in all objects of a value."""
    entries, level = 0, [value]
    while level:
        entries += sum(len(item) for item in level if type(item) is dict)
        children = (item.values() if type(item) is dict else item for item in level)
        level = [child for several in children for child in several if type(child) is dict or type(child) is list]
    return entries


class _Frame(msgspec.Struct):
    """A container being read; `start` is the offset of its text, and `is_whole` is False if its value lacks a part of the text."""

    start: int
    value: Any
    key: str = ""
    is_whole: bool = True

    def put(self, item: Json) -> None:
        if isinstance(self.value, list):
            self.value.append(item)
            return
        self.is_whole &= self.key not in self.value
        self.value[self.key] = item


def _scanned(raw: bytes) -> Json:
    try:
        return _value_of(raw.decode())
    except UnicodeDecodeError as error:
        raise NotJson(str(error)) from None
    except JsonFault as fault:
        raise NotJson(f"JSON is malformed: unexpected text (character {fault.offset})") from None


def _value_of(text: str) -> Json:
    """The single value of this text, read without recursion. Raises JsonFault."""
    frames = [_Frame(0, [])]
    for part, token in tokens(text):
        if part is Part.KEY:
            frames[-1].key = _string(token)
        elif part is Part.SCALAR:
            frames[-1].put(_scalar(token))
        elif part is Part.START:
            frames.append(_Frame(token.start(), {} if token[0] == "{" else []))
        else:
            level, frame = len(frames) - 1, frames.pop()
            value = frame.value if level <= MAX_LEVELS and frame.is_whole else None
            if value is None and level <= MAX_LEVELS + 1:  # deeper values are part of the text of their parent at this level
                value = Verbatim(text[frame.start : token.end()])
            frames[-1].put(value)
    return frames[0].value[0]


def _scalar(token: Token) -> Json:
    if token["string"] is not None:
        return _string(token)
    if token["word"] is not None:
        if token["word"] not in _WORDS:
            raise JsonFault(token.start(), "")
        return _WORDS[token["word"]]
    text = token["number"]
    if token["part"]:
        return _spelled(text)
    if len(text.lstrip("-")) > MAX_DIGITS:
        return Verbatim(text)
    return SpelledNumber(text) if text == "-0" else int(text)


def _string(token: Token) -> str:
    try:
        return str(json.loads(token["string"]))
    except ValueError:
        raise JsonFault(token.start(), "") from None
