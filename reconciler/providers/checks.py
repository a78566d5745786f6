"""Readers of single values in a provider file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments
from reconciler.documents.readers import Found, Reader, Scalar, text
from reconciler.documents.shapes import Misfit, ShapeMistake, name_of_type
from reconciler.providers.templates import compiled
from reconciler.sources.sending.time_formats import BadFormat, tokens
from reconciler.wording.guesses import suggestion

MOST_RECORDS: Final = 100_000_000
MOST_ON_A_PAGE: Final = 1_000_000
LONGEST_WAIT: Final = 600
"""Seconds that an answer may take."""
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_SEGMENT: Final = re.compile(r"\{[^{}/]+\}|[^{}/?#]*")
_PATH: Final = re.compile(r"[^.\s]+(?:\.[^.\s]+)*")
_PATH_HINT: Final = "write names separated by dots, such as data.items"
TIME_FORMATS: Final = ("iso", "date", "epoch", "epoch-ms")
"""The formats of times that have a name; others are written as .NET does."""
_FORMAT_HINT: Final = f"write {', '.join(TIME_FORMATS)}, or a .NET format such as yyyy-MM-ddTHH:mm:ssZ"
_MOMENT: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)


def between(least: int, most: int) -> Scalar:
    """An integer in this range."""

    def check(number: int) -> int:
        if not least <= number <= most:
            shown = f"{number:,}" if abs(number) < 10**12 else "this"
            raise Misfit(f"{shown} is not between {least:,} and {most:,}", f"write a number from {least} to {most}")
        return number

    return Scalar("integer", check)


def word(*words: str) -> Scalar:
    """One of these words; YAML reads some of them as null or as a number."""
    listed = f"{', '.join(words[:-1])} or {words[-1]}"

    def check(value: Any) -> str:
        written = "null" if value is None else str(value) if not isinstance(value, bool) else ""
        if written not in words:
            shown = repr(value[:60]) if isinstance(value, str) else name_of_type(value)
            raise Misfit(f"{shown} is not one of {listed}", f"write {listed}")
        return written

    return Scalar(None, check)


def _filled(value: str) -> str:
    if not value.strip():
        raise Misfit("this is empty", "add a value, or remove the key")
    return value


def _file(value: str) -> str:
    if not value.isprintable() or any(part in ("", "..") for part in value.split("/")):
        raise Misfit(f"{value[:80]!r} is not a file beside this one", "write a relative path, such as records.jsonl")
    return value


def _dotted(value: str) -> str:
    bare = value.removeprefix("$").removeprefix(".")
    if bare and not _PATH.fullmatch(bare):
        raise Misfit(f"{value[:80]!r} is not a valid path", _PATH_HINT)
    return bare


def _member(value: str) -> str:
    bare = _dotted(value)
    if not bare:
        raise Misfit("this path is the whole answer", _PATH_HINT)
    return bare


def header_name(value: str) -> str:
    """The name of an HTTP header. Raises Misfit."""
    if not _HEADER_NAME.fullmatch(value):
        raise Misfit(f"{value[:80]!r} is not a valid header name", "use letters, digits and '-', such as X-Total-Count")
    return value


def _header_value(value: str) -> str:
    if not value or not value.isascii() or not value.isprintable():
        raise Misfit("this is not a valid header value", "write printable ASCII characters")
    return value


def _endpoint(value: str) -> str:
    if "://" in value:
        raise Misfit("a provider has a path, not a host", suggestion("/" + value.partition("://")[2].partition("/")[2]))
    path = unquote(value)
    if not path.isprintable() or not all(_SEGMENT.fullmatch(segment) for segment in path.split("/")):
        raise Misfit(
            f"{value[:80]!r} is not a valid path",
            "write segments separated by '/', each a name or one {placeholder}, without a query",
        )
    if not path.startswith("/"):
        raise Misfit(f"{value[:80]!r} does not start with '/'", suggestion(f"/{value}"[:80]))
    return path


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Misfit(f"{name_of_type(value)} is not a number of seconds", "write a number of seconds, such as 0.5")
    if not 0 <= value <= LONGEST_WAIT:
        raise Misfit(f"must be between 0 and {LONGEST_WAIT} seconds", "write a number of seconds, such as 0.5")
    return float(value)


def _retry_after(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Misfit(f"{name_of_type(value)} is not a valid Retry-After", "write seconds, or a date as HTTP writes it")
    return _header_value(str(value))


def moment_of(written: str) -> datetime | None:
    """The time that this ISO 8601 string means, in UTC where it has no zone; None for any other string."""
    if not (found := _MOMENT.fullmatch(written)):
        return None
    try:
        moment = datetime.fromisoformat(f"{found['day']}T{found['time'] or '00:00'}{found['zone'] or '+00:00'}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _moment(value: str) -> datetime:
    if (moment := moment_of(value)) is None:
        raise Misfit(f"{value[:60]!r} is not a time in ISO 8601", 'write it in quotes, such as "2024-01-01T00:00:00Z"')
    return moment


def _time_format(value: str) -> str:
    if value in TIME_FORMATS:
        return value
    try:
        parts = tokens(value)
    except BadFormat as error:
        raise Misfit(f"{value[:60]!r} is not a valid format: {error}", _FORMAT_HINT) from None
    if not any(part.letter == "y" for part in parts):
        raise Misfit(f"{value[:60]!r} has no year", _FORMAT_HINT)
    return value


def _credential(value: str) -> str:
    return _header_value(value)


FILLED: Final = text(_filled)
FILE: Final = text(_file)
DOTTED: Final = text(_dotted)
MEMBER: Final = text(_member)
HEADER_NAME: Final = text(header_name)
HEADER_VALUE: Final = text(_header_value)
CREDENTIAL: Final = text(_credential)
ENDPOINT: Final = text(_endpoint)
TIME_FORMAT: Final = text(_time_format)
SECONDS: Final = Scalar(None, _seconds)
RETRY_AFTER: Final = Scalar(None, _retry_after)
MOMENT: Final = Scalar("string", _moment)


@dataclass(frozen=True, slots=True)
class Template:
    """Any value; strings in it are templates, and each mistake has the path of its string."""

    def read(self, value: Json, path: Segments, found: Found) -> Json:
        for at, string in _strings(value, path):
            try:
                compiled(string)
            except Misfit as misfit:
                found.append(ShapeMistake(at, "bad-value", f"`{'.'.join(at)[:120]}`: {misfit}", misfit.hint))
        return value


@dataclass(frozen=True, slots=True)
class OrWord:
    """A value, or one word or null for none of it."""

    word: str
    item: Reader

    def read(self, value: Json, path: Segments, found: Found) -> Any:
        return None if value is None or value == self.word else self.item.read(value, path, found)


def _strings(value: Json, path: Segments) -> list[tuple[Segments, str]]:
    if isinstance(value, str):
        return [(path, value)]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [one for name, item in inner for one in _strings(item, (*path, str(name)))]


def misfit_if(wrong: bool, message: str, hint: str) -> None:
    """Raise Misfit with this message if something is wrong."""
    if wrong:
        raise Misfit(message, hint)
