"""The templates of `records.each`: `{n}` and `{date}` in strings become the number and the time of each record.

`{n}` is the number from 1, `{n:05}` the same with leading zeros. `{date}` is a time in ISO 8601, `{date:epoch}` seconds and
`{date:epoch-ms}` milliseconds since 1970, `{date:FORMAT}` any .NET format. `{pick:a|b|c}` is one of these in turn. A string that is only
`{n:number}`, `{date:epoch}` or `{date:epoch-ms}` becomes a number. `{{` and `}}` are braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from reconciler.documents.json_text import Json
from reconciler.documents.shapes import Misfit
from reconciler.sources.sending.time_formats import BadFormat, written

Made: TypeAlias = Callable[[int, int], Json]
"""A value of the record with this number, from 1, at this time in seconds since the epoch."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PARTS: Final = re.compile(r"\{\{|\}\}|\{(?P<inner>[^{}]*)\}|[{}]|[^{}]+")
_WIDTH: Final = re.compile(r"0?[1-9]|0?1[0-9]|0?20")
_HINT: Final = "use {n}, {n:05}, {n:number}, {date}, {date:epoch}, {pick:a|b}, or {{ for a brace"


def compiled(value: Json) -> Made:
    """The function that makes this value for each record. Raises Misfit for a template that is not valid."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        members = [(name, compiled(item)) for name, item in value.items()]
        return lambda n, at: {name: make(n, at) for name, make in members}
    if isinstance(value, list):
        items = [compiled(item) for item in value]
        return lambda n, at: [make(n, at) for make in items]
    return lambda _n, _at: value


def _text(text: str) -> Made:
    parts = list(_parts(text))
    if len(parts) == 1 and not isinstance(parts[0], str):
        return parts[0]
    if all(isinstance(part, str) for part in parts):
        constant = "".join(part for part in parts if isinstance(part, str))
        return lambda _n, _at: constant
    pattern = "".join(part.replace("%", "%%") if isinstance(part, str) else "%s" for part in parts)
    made = [part for part in parts if not isinstance(part, str)]
    if len(made) == 1:
        only = made[0]
        return lambda n, at: pattern % (only(n, at),)
    return lambda n, at: pattern % tuple([part(n, at) for part in made])


def _parts(text: str) -> Iterator[str | Made]:
    for found in _PARTS.finditer(text):
        part = found[0]
        if part in ("{{", "}}"):
            yield part[0]
        elif part in ("{", "}"):
            raise Misfit(f"{text[:80]!r} has a single brace", _HINT)
        elif found["inner"] is not None:
            yield _placeholder(found["inner"])
        else:
            yield part


def _placeholder(inner: str) -> Made:
    name, _, how = inner.partition(":")
    if name == "n" and how == "number":
        return lambda n, _at: n
    if name == "n" and (not how or _WIDTH.fullmatch(how)):
        width = int(how or 0)
        return (lambda n, _at: f"{n:0{width}d}") if width else lambda n, _at: str(n)
    if name == "date":
        return _date(how)
    if name == "pick" and (choices := [choice for choice in how.split("|") if choice]):
        return lambda n, _at: choices[(n - 1) % len(choices)]
    raise Misfit(f"{{{inner[:60]}}} is not a valid placeholder", _HINT)


def _date(how: str) -> Made:
    if how in ("", "iso"):
        return lambda _n, at: (_EPOCH + timedelta(0, at)).isoformat()[:19] + "Z"
    if how == "epoch":
        return lambda _n, at: at
    if how == "epoch-ms":
        return lambda _n, at: at * 1000
    try:
        written(_EPOCH, how)
    except BadFormat as error:
        raise Misfit(f"{{date:{how[:60]}}} is not a valid placeholder: {error}", _HINT) from None
    return lambda _n, at: written(_EPOCH + timedelta(0, at), how)
