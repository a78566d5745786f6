"""The custom date formats of .NET, in UTC and English: how a time is written, read back, and what is odd about a format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final


class BadFormat(ValueError):
    """.NET does not accept this format; the message says why."""


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a format: a letter with a meaning and how often it is repeated, or literal text (`letter` is empty)."""

    letter: str
    count: int
    literal: str = ""
    is_quoted: bool = False


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STANDARD: Final = {
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ssZ",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
}
"""Formats of one letter that are the same in every language."""
_PART: Final = re.compile(
    r"""'(?P<single>(?:\\.|[^'\\])*)'|"(?P<double>(?:\\.|[^"\\])*)"|\\(?P<escaped>.)|%(?P<percent>[dfFghHKmMstyz])"""
    r"""|(?P<run>(?P<letter>[dfFghHmMstyz])(?P=letter)*|K)|(?P<bad>['"\\%])|(?P<literal>.)""",
    re.DOTALL,
)
_MAX_FORMAT: Final = 200
"""Maximum number of characters of a format."""
_FRACTION: Final = 7
"""Digits of a second in .NET, whose tick is 100 ns."""
_ABBREVIATED, _NAMED = 3, 4
_NOON: Final = 12
_PIVOT: Final = 50
"""Years of two digits below are in this century."""


def tokens(fmt: str) -> tuple[Token, ...]:
    """The parts of a format. Raises BadFormat."""
    if len(fmt) > _MAX_FORMAT:
        raise BadFormat(f"it is longer than {_MAX_FORMAT} characters")
    if len(fmt) == 1 and fmt not in _STANDARD:
        raise BadFormat("one letter alone is not a custom format")
    if not fmt:
        raise BadFormat("it is empty")
    return tuple(_token(found) for found in _PART.finditer(_STANDARD.get(fmt, fmt)))


def _token(found: re.Match[str]) -> Token:
    kind = found.lastgroup if found.lastgroup != "letter" else "run"
    text = found[0]
    if kind == "bad":
        raise BadFormat("a percent sign must be followed by one letter" if text == "%" else f"{text} is not closed")
    if kind in ("single", "double"):
        return Token("", 0, re.sub(r"\\(.)", r"\1", found[kind], flags=re.DOTALL), is_quoted=True)
    if kind == "escaped":
        return Token("", 0, found["escaped"], is_quoted=True)
    if kind == "literal":
        return Token("", 0, text)
    letter, count = text[-1], 1 if kind == "percent" else len(text)
    if letter in "fF" and count > _FRACTION:
        raise BadFormat(f"`{text[:20]}` is longer than {_FRACTION} digits of a second")
    return Token(letter, count)


def written(moment: datetime, fmt: str) -> str:
    """A time in this format, in UTC and English. Raises BadFormat."""
    time, text = moment.astimezone(UTC), ""
    for token in tokens(fmt):
        part = _written(time, token) if token.letter else token.literal
        if token.letter == "F" and not part:
            text = text.removesuffix(".")
        text += part
    return text


def _written(time: datetime, token: Token) -> str:
    letter, count = token.letter, token.count
    if letter in "yMdHhms":
        return _number_or_name(time, letter, count)
    if letter in "fF":
        digits = f"{time.microsecond:06}0"[:count]
        return digits if letter == "f" else digits.rstrip("0")
    if letter == "t":
        return ("AM" if time.hour < _NOON else "PM")[:count]
    return {"K": "Z", "g": "A.D."}.get(letter) or ("+0", "+00", "+00:00")[min(count, _ABBREVIATED) - 1]


def _number_or_name(time: datetime, letter: str, count: int) -> str:
    if letter in "Md" and count >= _ABBREVIATED:
        name = _MONTHS[time.month - 1] if letter == "M" else _DAYS[time.weekday()]
        return name if count >= _NAMED else name[:_ABBREVIATED]
    if letter == "y":
        return f"{time.year if count >= _ABBREVIATED else time.year % 100:0{count}}"
    value = {"M": time.month, "d": time.day, "H": time.hour, "h": (time.hour - 1) % _NOON + 1, "m": time.minute, "s": time.second}
    return f"{value[letter]:0{min(count, 2)}}"


def read_back(text: str, fmt: str) -> datetime | None:
    """The time in UTC that is written in this format; None if the text is not in it, or it has no year. Raises BadFormat."""
    parts = tokens(fmt)
    followed = zip(parts, (*parts[1:], None), strict=True)
    pattern = "".join(f"({_pattern(part)}{_optional(part, after)})" for part, after in followed)
    found = re.fullmatch(pattern, text, re.IGNORECASE | re.ASCII)
    if found is None:
        return None
    fields: dict[str, str] = {}
    for part, read in zip(parts, found.groups(), strict=True):
        key = f"{part.letter}name" if part.letter in ("M", "d") and part.count >= _ABBREVIATED else part.letter
        if key and fields.setdefault(key, read) != read:
            return None
    return _moment(fields)


def _optional(part: Token, after: Token | None) -> str:
    """A point before `F` is left out if that has no digits."""
    return "?" if part.literal == "." and after is not None and after.letter == "F" else ""


def _pattern(part: Token) -> str:
    letter, count = part.letter, part.count
    if not letter:
        return re.escape(part.literal)
    if letter in "Md" and count >= _ABBREVIATED:
        names = _MONTHS if letter == "M" else _DAYS
        return "|".join(names if count >= _NAMED else [name[:_ABBREVIATED] for name in names])
    if letter == "y":
        return "[0-9]{1,2}" if count == 1 else f"[0-9]{{{count},{count if count < _ABBREVIATED else max(count, _NAMED)}}}"
    if letter in "fF":
        return f"[0-9]{{{count}}}" if letter == "f" else f"[0-9]{{0,{count}}}"
    offset = ("[+-][0-9]{1,2}", "[+-][0-9]{2}", "[+-][0-9]{2}:[0-9]{2}")[min(count, _ABBREVIATED) - 1]
    others = {"t": ("AM|PM", "A|P")[count == 1], "K": "Z|[+-][0-9]{2}:[0-9]{2}|", "g": re.escape("A.D."), "z": offset}
    return others.get(letter, "[0-9]{1,2}" if count == 1 else "[0-9]{2}")


def _moment(fields: dict[str, str]) -> datetime | None:
    if "y" not in fields:
        return None
    year, is_short = int(fields["y"]), len(fields["y"]) < _ABBREVIATED
    named = fields.get("Mname", "").lower()[:_ABBREVIATED]
    month = next((number for number, name in enumerate(_MONTHS, 1) if named and name.lower().startswith(named)), 1)
    fraction = (fields.get("f") or fields.get("F") or "").ljust(6, "0")[:6]
    try:
        read = datetime(
            year + (2000 if year < _PIVOT else 1900) if is_short else year,
            int(fields.get("M", month)),
            int(fields.get("d", 1)),
            _hour(fields),
            int(fields.get("m", 0)),
            int(fields.get("s", 0)),
            int(fraction),
            UTC,
        )
        return read - _offset(fields.get("z") or fields.get("K") or "")
    except (ValueError, OverflowError):
        return None


def _hour(fields: dict[str, str]) -> int:
    if "h" not in fields:
        return int(fields.get("H", 0))
    return int(fields["h"]) % _NOON + (_NOON if fields.get("t", "").upper().startswith("P") else 0)


def _offset(text: str) -> timedelta:
    if not text.startswith(("+", "-")):
        return timedelta()
    hours, _, minutes = text[1:].partition(":")
    return timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if text[0] == "-" else 1)


_SAMPLE: Final = datetime(2024, 3, 1, 15, 7, 9, 123456, UTC)
_BEGINS_AS_ISO: Final = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}[Tt]")
_ISO_8601: Final = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4})T[0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?",
    re.IGNORECASE,
)
_KNOWN_WORDS: Final = frozenset({"T", "Z", "UTC", "GMT"})
_SPACED: Final = 2


def why_odd(fmt: str) -> str | None:
    """Why hardly any API reads times in this format; None if nothing speaks against it.

    Only what is wrong for any API is odd: misspelled ISO 8601, letters without a meaning, or a time that is not complete.
    """
    return why_wrong(fmt) or why_not_iso(fmt)


def why_wrong(fmt: str) -> str | None:
    """Why this format does not write the time that is meant; None if it does."""
    try:
        parts = tokens(fmt)
    except BadFormat as error:
        return f"it is not a date format: {error}"
    if words := unknown_words(parts):
        return f"`{words[0][:20]}` has no meaning, and is sent as it is"
    return _why_incomplete({part.letter for part in parts}, parts)


def why_not_iso(fmt: str) -> str | None:
    """Why times in this format are almost ISO 8601, and nevertheless are not; None for any other format."""
    try:
        text = written(_SAMPLE, fmt)
    except BadFormat:
        return None
    is_almost = _BEGINS_AS_ISO.match(text) and not _ISO_8601.fullmatch(text)
    return f"it gives {text[:40]}, which is not ISO 8601" if is_almost else None


def unknown_words(parts: tuple[Token, ...]) -> list[str]:
    """Letters that stand unquoted in a format and mean nothing in it, other than T, Z, UTC and GMT."""
    plain = "".join(" " if part.letter or part.is_quoted else part.literal for part in parts)
    return [word for word in re.findall("[A-Za-z]+", plain) if word not in _KNOWN_WORDS]


def _why_incomplete(letters: set[str], parts: tuple[Token, ...]) -> str | None:
    months = sum(part.letter == "M" for part in parts)
    if {"y", "d", "m"} <= letters and not months:
        return "`mm` is minutes; months are MM"
    if months >= _SPACED and "m" not in letters and letters & {"H", "h"}:
        return "`MM` is months; minutes are mm"
    if "h" in letters and "t" not in letters and "H" not in letters:
        return "`hh` is an hour up to 12; hours up to 23 are HH"
    return None
