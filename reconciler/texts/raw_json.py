"""Split the outermost level of a JSON document without reading the values, so that one invalid element does not affect the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from reconciler.documents.json_text import NotJson

_TOKEN: Final = re.compile(rb'[ \t\n\r]*(?:("[^"\\]*(?:\\.[^"\\]*)*")|([][{}:,])|[^ \t\n\r"\[\]{}:,]+)', re.DOTALL)
_SPACE: Final = b" \t\n\r"
_AROUND_MEMBER: Final = len('"":,')
_members_decoder: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_CLOSED_BY: Final = {b"{": b"}", b"[": b"]"}


def compact_members(raw: bytes | memoryview) -> dict[str, msgspec.Raw] | None:
    """The values of an object by key, each as its text.

    None if a key repeats or is escaped, or if there is white space around a key or a value: `members` reads those too. Also None for
    anything that is not an object of valid JSON.
    """
    try:
        found = _members_decoder.decode(raw)
        length = len("".join(found)) + len(b"".join(found.values()))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return found if len(raw) == length + (_AROUND_MEMBER * len(found) + 1 if found else len("{}")) else None


def is_container(text: msgspec.Raw) -> bool:
    """Whether this text without white space around it is an object or a list."""
    return bytes(memoryview(text)[:1]) in _CLOSED_BY


def members(raw: bytes) -> list[tuple[str, bytes]]:
    """The keys and values of an object, in order and with duplicates, each value as its text.

    An unreadable key is kept as it is written. Raises NotJson if the brackets and quotes do not match, or the text is not an object.
    """
    return [(_key(entry), entry[colon:].strip()) for entry, colon in _entries(raw, b"{")]


def elements(raw: bytes) -> list[bytes]:
    """The text of each item of a list. Raises NotJson if the brackets and quotes do not match, or the text is not a list."""
    return [entry.strip() for entry, _ in _entries(raw, b"[")]


def _key(entry: bytes) -> str:
    written = _TOKEN.match(entry)
    text = written[0].strip().decode("utf-8", "backslashreplace") if written else ""
    try:
        return str(json.loads(text))
    except ValueError:
        return text


def _entries(raw: bytes, opening: bytes) -> Iterator[tuple[bytes, int]]:
    """Each entry of the outermost container, and the offset in it after its first colon."""
    due: list[bytes] = []
    start = colon = 0
    for token in _tokens(raw, opening):
        sign, end = token[2], token.end()
        is_top = len(due) == 1
        if start and not due:
            raise NotJson("unexpected text after the end of the document")
        if sign in _CLOSED_BY:
            due.append(_CLOSED_BY[sign])
            start = end if not is_top and len(due) == 1 else start
        elif sign in {b"}", b"]"} and (not due or sign != due.pop()):
            raise NotJson("its brackets do not match")
        elif sign == b":" and is_top and not colon:
            colon = end - start
        if is_top and (sign == b"," or not due):
            entry = raw[start : end - 1]
            if entry.strip():
                yield entry, colon
            start, colon = end, 0
    if due:
        raise NotJson("it ends too early")


def _tokens(raw: bytes, opening: bytes) -> Iterator[re.Match[bytes]]:
    """All tokens of a document that is one container."""
    if not raw.strip(_SPACE).startswith(opening):
        raise NotJson("it is not an object or list")
    position, end = 0, len(raw.rstrip(_SPACE))
    while position < end:
        token = _TOKEN.match(raw, position)
        if token is None:
            raise NotJson("a quoted string is not closed")
        yield token
        position = token.end()
