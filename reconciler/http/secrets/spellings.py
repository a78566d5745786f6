"""The ways in which one character can be written, as regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

LONGEST_ESCAPE: Final = 24
"""Characters of text for one character, as far as escapes within escapes are looked for."""
_BACKSLASHES: Final = r"\\{1,8}"
"""One backslash, or several where the text was escaped more than once."""
_PERCENT: Final = "%(?:25){0,4}"
_AMPERSAND: Final = "&(?:amp;){0,3}"
_SHORT: Final = {'"': '"', "\\": r"\\", "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "'": "'"}
_NAMED: Final = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_HIGHEST_BYTE: Final = 0xFF
_FIRST_BEYOND_ASCII: Final = 0x80
_LONG: Final = {short: letter for letter, short in _SHORT.items() if len(short) == 1}
_CALLED: Final = {name: letter for letter, name in _NAMED.items()}
ANY: Final = "\x80"
_ESCAPE: Final = re.compile(
    r"%(?=(?:25){0,4}(?P<percent>[0-9A-Fa-f]{2}))|"
    r"\\(?=\\{0,7}(?:[ux](?P<code>(?<=u)[0-9A-Fa-f]{4}|(?<=x)[0-9A-Fa-f]{2})|(?P<short>.)))|"
    r"&(?=(?:amp;){0,3}(?:\#(?P<number>[xX][0-9A-Fa-f]{1,8}|[0-9]{1,10});|(?P<name>amp|lt|gt|quot|apos);))|[+]",
    re.DOTALL,
)


def spelling(text: str) -> str:
    """A regular expression for this text with any of its characters escaped: for a URL, JSON, HTML or a string literal."""
    return "".join(f"(?:{re.escape(letter)}|{_escapes(letter)})" for letter in text)


def escapes_in(text: str) -> Iterator[tuple[int, str]]:
    """Where there may be an escape, and the characters that it may stand for; `ANY` is any that is not ASCII."""
    return ((found.start(), _meant(found)) for found in _ESCAPE.finditer(text))


def escapable(letters: str) -> frozenset[str]:
    """These characters as `escapes_in` names them."""
    return frozenset(letter if letter.isascii() else ANY for letter in letters)


def _meant(found: re.Match[str]) -> str:
    percent, code, number, name, short = found.group("percent", "code", "number", "name", "short")
    if percent or code or number:
        value = int(number) if number and number.isdecimal() else int((percent or code or number).lstrip("xX"), 16)
        letter = chr(value) if value < _FIRST_BEYOND_ASCII else ANY
        return f"{letter}{found[0][0]}"
    if short:
        return f"\\{_LONG.get(short, short)}"
    return f"&{_CALLED.get(name or '', '')}" if name else f"{found[0]} "


@cache
def _escapes(letter: str) -> str:
    code = f"{ord(letter):x}"
    ways = [
        _percent(letter),
        _unicode(letter),
        f"{_AMPERSAND}#0{{0,9}}{ord(letter)};",
        f"{_AMPERSAND}#[xX]0{{0,9}}{_digits(code)};",
    ]
    if letter == " ":
        ways.append(r"\+")
    if letter in _SHORT:
        ways.append(_BACKSLASHES + _SHORT[letter])
    if letter in _NAMED:
        ways.append(f"{_AMPERSAND}{_NAMED[letter]};")
    if ord(letter) <= _HIGHEST_BYTE:
        ways.append(f"{_BACKSLASHES}x{_digits(f'{ord(letter):02x}')}")
    return "|".join(ways)


def _percent(letter: str) -> str:
    return "".join(_PERCENT + _digits(f"{byte:02x}") for byte in letter.encode("utf-8", "surrogatepass"))


def _unicode(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"{_BACKSLASHES}u{_digits(units[at : at + 4])}" for at in range(0, len(units), 4))


def _digits(hexadecimal: str) -> str:
    """Hexadecimal digits in either case."""
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in hexadecimal)
