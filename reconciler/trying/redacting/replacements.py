"""Made-up values in the place of real ones, of the same form: an address of a mailbox, a date, a number, a URL, or a text.

They are numbered by first appearance, so they say nothing about what they stand for, equal values stay equal, different ones stay
different, and recording the same answers again gives the same bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import copysign
from typing import Final

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,15})://\S+")
_DATE: Final = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]")
_TIMED: Final = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9](?P<rest>[T ][0-9]{2}[:.0-9]*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)")
_NUMERIC: Final = re.compile(r"[0-9 +().,/:_-]*[1-9][0-9 +().,/:_-]*|0")
_DIGIT: Final = re.compile(r"[0-9]")
_MAX_DIGITS: Final = 40
_MAX_CHARACTERS: Final = 300
"""Longer texts have no form: to look for one would take long."""
_MAX_NAME: Final = 60
_TEXT: Final = ("text", "text-{:04d}".format)
_FIRST_DAY: Final = date(2001, 1, 1)
_LAST_DAY: Final = (date.max - _FIRST_DAY).days


@dataclass(slots=True)
class Replacements:
    """One numbering for one recording. `taken` are the real texts, which no made-up text repeats."""

    taken: Collection[str] = frozenset()
    _texts: dict[str, str] = field(default_factory=dict, repr=False)
    _floats: dict[str, float] = field(default_factory=dict, repr=False)
    _counts: Counter[str] = field(default_factory=Counter, repr=False)

    def text(self, value: str) -> str:
        """A text of the same kind; the empty text stays."""
        if not value:
            return value
        made = self._texts.get(value)
        if made is None:
            made = self._texts[value] = self._made(value)
        return made

    def integer(self, value: int) -> int:
        """An integer with the same sign and number of digits (40 at most); the same digits in a text are replaced by the same."""
        try:
            text = str(value)
        except ValueError:  # CPython converts 4300 digits at most
            text = "9" * _MAX_DIGITS
        return int(self.text(text))

    def real(self, value: float) -> float:
        """A fraction with the same sign and number of digits before the point."""
        sign = copysign(1, value)
        made = self._floats.get(repr(value))
        if made is None:
            whole = min(len(str(int(abs(value)))), 12)
            number = self._next(f"real {whole}")
            made = self._floats[repr(value)] = sign * float(f"{10 ** (whole - 1)}.{number}5")
        return made

    def looks_personal(self, name: str) -> bool:
        """Whether a name of a field is data itself, such as the address of a mailbox, an id or a date."""
        form, _ = _form_of(name)
        return form != "text" or len(name) > _MAX_NAME

    def _made(self, value: str) -> str:
        form, make = _form_of(value)
        if make is None:
            return self._numeric(value)
        while True:
            made = make(self._next(form))
            if made not in self.taken:
                return made

    def _numeric(self, value: str) -> str:
        """The same punctuation around other digits, with a leading zero where there is one.

        Counted from the middle, and beside the real numbers as long as there are enough others: 1 must not become 1.
        """
        digits = "".join(_DIGIT.findall(value))[:_MAX_DIGITS]
        pattern = _DIGIT.sub("0", value)
        led = len(digits) > 1 and digits[0] == "0"
        lowest = 0 if led or len(digits) == 1 else 10 ** (len(digits) - 1)
        size = 10 ** (len(digits) - (1 if led else 0)) - (0 if led else lowest)
        has_room = size > 2 * len(self.taken)
        while True:
            number = (size // 2 + self._next(f"{pattern} {led}")) % size
            made = _filled(pattern, str(lowest + number).zfill(len(digits)))
            if not has_room or made not in self.taken:
                return made

    def _next(self, form: str) -> int:
        self._counts[form] += 1
        return self._counts[form]


def _form_of(value: str) -> tuple[str, Callable[[int], str] | None]:
    """The name of the form of this text, and what makes the n-th text of that form; None for digits, which depend on the text."""
    if len(value) > _MAX_CHARACTERS:
        return _TEXT
    if _EMAIL.fullmatch(value):
        return "email", "u{}@example.com".format
    if _UUID.fullmatch(value):
        return "uuid", "00000000-0000-4000-8000-{:012d}".format
    if url := _URL.fullmatch(value):
        return f"url {url[1]}", (url[1] + "://example.com/{}").format
    if _DATE.fullmatch(value):
        return "date", _day
    if timed := _TIMED.fullmatch(value):
        rest = _blank(timed["rest"], timed["zone"] or "")
        return f"date{rest}", lambda number: _day(number) + rest
    return ("number", None) if _NUMERIC.fullmatch(value) else _TEXT


def _day(number: int) -> str:
    return (_FIRST_DAY + timedelta(days=number % _LAST_DAY)).isoformat()


def _blank(rest: str, zone: str) -> str:
    """Midnight in the same form; the time zone stays."""
    return _DIGIT.sub("0", rest.removesuffix(zone)) + zone


def _filled(pattern: str, digits: str) -> str:
    given = iter(digits)
    return _DIGIT.sub(lambda _: next(given, "0"), pattern)
