"""The keys `answer` and `auth` of a provider file: what an API says around its records, and which credentials it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.providers.provider import put
from reconciler.sources.messages import Request
from reconciler.trying.providing.seen import SeenPage

_TOTAL: Final = re.compile(r"total|count|hits|found|results?$", re.IGNORECASE)
_COUNT: Final = re.compile(r"count|size|length|returned", re.IGNORECASE)
_MORE: Final = re.compile(r"more|next", re.IGNORECASE)
_LAST: Final = re.compile(r"last|done|end|finished|complete", re.IGNORECASE)
_NAMED: Final = ("total", "count", "more", "last")
_SECRET: Final = re.compile(r"\$\{\w+\}")


def answer_of(pages: Sequence[SeenPage], records: str, taken: frozenset[str], end: str | None) -> Document:
    """The shape of the answers. `taken` are the members that the pages are turned with, `end` is that of the end condition."""
    shape: Document = {"records": records} if records else {}
    first = pages[0].scalars
    for key, path in _facts(pages, taken, end):
        shape.setdefault(key, path)
    named = {shape.get(key) for key in _NAMED}
    if any(isinstance(first.get(path), str) for path in named if path):
        shape["as_strings"] = True
    also: Document = {}
    for path, value in sorted(first.items()):
        is_free = path not in named | taken and not _overlaps(path, records)
        if records and is_free and all(page.scalars.get(path, _ABSENT) == value for page in pages):
            put(also, path, value)
    if also:
        shape["also"] = also
    return shape


_ABSENT: Final = object()


def _facts(pages: Sequence[SeenPage], taken: frozenset[str], end: str | None) -> Iterator[tuple[str, str]]:
    """The members that say how many records there are, and whether there are more: the end condition first."""
    names = [path for path in ([end] if end else []) + sorted(pages[0].scalars) if path not in taken]
    total, sizes = sum(len(page.rows) for page in pages), [len(page.rows) for page in pages]
    read = [sum(sizes[: index + 1]) for index in range(len(sizes))]
    more = [count < total for count in read]
    for path in names:
        values = [page.scalars.get(path) for page in pages]
        if _TOTAL.search(path) and all(_is(value, total) for value in values):
            yield "total", path
        elif _COUNT.search(path) and len(pages) > 1 and all(map(_is, values, sizes)):
            yield "count", path
        elif (path == end or _MORE.search(path)) and values == _written(more, values):
            yield "more", path
        elif (path == end or _LAST.search(path)) and values == _written([not item for item in more], values):
            yield "last", path


def _is(value: Json, number: int) -> bool:
    return not isinstance(value, bool) and str(value) == str(number)


def _written(flags: Sequence[bool], values: Sequence[Json]) -> list[Json]:
    """The flags as this API writes them: `true`, or the string."""
    make: Callable[[bool], Json] = (lambda flag: str(flag).lower()) if isinstance(values[0], str) else bool
    return [make(flag) for flag in flags]


def _overlaps(path: str, records: str) -> bool:
    return f"{path}.".startswith(f"{records}.") or f"{records}.".startswith(f"{path}.")


def auth_of(request: Request) -> Document | str:
    """The credentials of a request: any value is accepted, because the real ones are not known."""
    auth: Document = {}
    for name, value in request.headers:
        if name.lower() == "authorization":
            scheme = value.partition(" ")[0].lower()
            if scheme == "basic":
                auth["basic"] = {"username": "*", "password": "*"}
            elif scheme == "bearer":
                auth["bearer"] = "*"
            else:
                auth.setdefault("header", {})["Authorization"] = "*"
        elif _SECRET.search(value):
            auth.setdefault("header", {})[name] = "*"
    secret = {name: "*" for name, value in request.query if _SECRET.search(value)}
    return auth | ({"query": secret} if secret else {}) or "none"
