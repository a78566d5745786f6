"""The ways in which one character can be written, as regular expressions."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Final

_BACKSLASHES: Final = r"\\+"
"""One backslash, or several where the text was escaped more than once."""
_PERCENT: Final = "%(?:25)*"
_SHORT: Final = {'"': '"', "\\": r"\\", "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "'": "'"}
_NAMED: Final = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_HIGHEST_BYTE: Final = 0xFF


def spelling(text: str) -> str:
    """A regular expression for this text with any of its characters escaped: for a URL, JSON, HTML or a string literal."""
    return "".join(map(_character, text))


@cache
def _character(letter: str) -> str:
    ways = [
        re.escape(letter),
        _percent(letter),
        _unicode(letter),
        rf"&(?:amp;)*#0*{ord(letter)};",
        rf"&(?:amp;)*#[xX]0*{_digits(f'{ord(letter):x}')};",
    ]
    if letter == " ":
        ways.append(r"\+")
    if letter in _SHORT:
        ways.append(_BACKSLASHES + _SHORT[letter])
    if html.escape(letter) != letter or letter in _NAMED:
        ways.append(f"&(?:amp;)*{_NAMED[letter]};")
    if ord(letter) <= _HIGHEST_BYTE:
        ways.append(rf"{_BACKSLASHES}x{_digits(f'{ord(letter):02x}')}")
    return f"(?:{'|'.join(ways)})"


def _percent(letter: str) -> str:
    return "".join(_PERCENT + _digits(f"{byte:02x}") for byte in letter.encode("utf-8", "surrogatepass"))


def _unicode(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(rf"{_BACKSLASHES}u{_digits(units[at : at + 4])}" for at in range(0, len(units), 4))


def _digits(hexadecimal: str) -> str:
    """Hexadecimal digits in either case."""
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in hexadecimal)
