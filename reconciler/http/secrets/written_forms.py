"""The forms in which a credential can be written, and the ways in which a string can be decoded.

A server that repeats a credential may escape it, encode it, truncate it, reverse it or change its case. So each encoded form of a
credential is searched for in each decoding of a string. Both are squeezed first: one case, and only letters and digits.
"""

from __future__ import annotations

import base64
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote

_ROUNDS: Final = 5
"""Levels of nested escapes that are undone; real gateways escape twice at most."""
_BACKSLASH: Final = re.compile(
    r"\\u\{?([0-9a-f]{2,6})\}?|\\x([0-9a-f]{2})|%u([0-9a-f]{4})|0x([0-9a-f]{2})|=([0-9a-f]{2})", re.IGNORECASE
)
_OCTAL: Final = re.compile(r"\\([0-7]{3})")
_NUMBER: Final = re.compile(r"\d{2,3}", re.ASCII)
_PRINTABLE: Final = range(0x20, 0x7F)

PLAIN: Final = 8
"""Consecutive characters of a credential that count as a part of it."""


def squeezed(text: str) -> str:
    """The letters and digits of a string, in one normal form and case, so that spacing, hyphens and case do not matter."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def readings(text: str) -> tuple[str, ...]:
    """A string as it is, with its escapes undone (JSON, URL, HTML, quoted-printable; also nested), and with its numbers as letters."""
    found = [text]
    while len(found) < _ROUNDS and (read := _unescaped(found[-1])) != found[-1]:
        found.append(read)
    numbers = _NUMBER.findall(text)
    if len(numbers) >= PLAIN:
        found += ["".join(_letter(number, base) for number in numbers) for base in (8, 10, 16)]
    return tuple(found)


def written_forms(secret: str) -> Iterator[tuple[str, int]]:
    """Each form of a credential, squeezed, with how many consecutive characters of it represent `PLAIN` characters of the credential."""
    for text in (secret, secret[::-1], codecs.encode(secret, "rot13")):
        yield squeezed(text), PLAIN
    for text in (secret, secret[::-1], secret.encode().hex(), *aligned_base64(secret.encode())):
        for encoded in aligned_base64(text.encode()):
            yield squeezed(encoded), 11
    for encoded in _aligned(secret.encode(), base64.b32encode, 5, 8):
        yield squeezed(encoded), 13
    for text in (secret, secret[::-1], base64.b64encode(secret.encode()).decode()):
        yield text.encode().hex(), 2 * PLAIN


def aligned_base64(raw: bytes) -> Iterator[str]:
    """The base64 of these bytes at any offset in a longer text, without the characters that depend on adjacent bytes."""
    return _aligned(raw, base64.b64encode, 3, 4)


def _aligned(raw: bytes, encode: Callable[[bytes], bytes], size: int, letters: int) -> Iterator[str]:
    """The encoding at each offset within a group of `size` bytes, without the characters that depend on adjacent bytes."""
    bits = 8 * size // letters
    for before in range(size):
        encoded = encode(bytes(before) + raw).decode().rstrip("=")
        first, last = -(-8 * before // bits), 8 * (before + len(raw)) // bits
        yield encoded[first:last]


def _unescaped(text: str) -> str:
    text = unquote(html.unescape(text), encoding="latin-1")
    text = _BACKSLASH.sub(lambda found: _character(next(part for part in found.groups() if part), 16), text)
    return _OCTAL.sub(lambda found: _character(found[1], 8), text)


def _character(digits: str, base: int) -> str:
    code = int(digits, base)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"  # noqa: PLR2004 - the bounds of Unicode


def _letter(number: str, base: int) -> str:
    try:
        code = int(number, base)
    except ValueError:
        return " "
    return chr(code) if code in _PRINTABLE else " "
