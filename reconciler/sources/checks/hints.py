"""What an answer says about further records: flags, next pages, totals. Names are compared without case, dashes and underscores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.sources.answers.jsonpath import Missing, Reply, Step
from reconciler.sources.paging.nothing import next_link
from reconciler.sources.paging.settings import number_of

_DEEPEST: Final = 3
_MOST: Final = 500
"""Members that are looked at: an answer may have any number."""
_NOISE: Final = re.compile(r"[^a-z0-9]")
_MORE: Final = re.compile(
    r"(?:has|have|is|are|thereis|thereare)?more(?:items|records|results?|pages?|data|rows|entries|objects|available|tocome|incollection)*"
    r"|hasnext(?:page)?|(?:is)?truncated"
)
_LAST: Final = frozenset({"last", "islast", "islastpage", "lastpage", "done"})
_NEXT: Final = re.compile(
    r"(?:odata)?next(?:pageid|page|results?|records|set|batch|cursor|token|link|url|uri|href|offset|start|index)*"
    r"|aftercursor|continuationtoken"
)
_TOKENS: Final = frozenset(("cursor", "offset", "pagetoken", "scrollid", "continuation", "marker", "bookmark"))
"""Names of a token for the next page, or of the one that was sent: of no weight where the spec turns pages."""
_NEXT_HEADERS: Final = (
    "x-next-page",
    "x-next-cursor",
    "x-next-token",
    "x-next-link",
    "x-continuation-token",
    "x-ms-continuation",
)
_TOTALS: Final = frozenset(
    (
        *(
            "total",
            "totalcount",
            "totalitems",
            "totalrecords",
            "totalresults",
            "totalsize",
            "totalelements",
            "totalhits",
            "totalrows",
        ),
        *(
            "totalentries",
            "totalobjects",
            "totalentities",
            "recordcount",
            "resultcount",
            "count",
            "numfound",
            "odatacount",
            "nbhits",
        ),
    )
)
_TOTAL_HEADERS: Final = (
    *("x-total-count", "x-total", "x-totalcount", "total-count", "x-total-records", "x-wp-total", "x-pagination-total-count"),
    *("pagination-count", "x-result-count"),
)
_PAGES: Final = frozenset(
    (
        *("pages", "totalpages", "pagetotal", "pagecount", "pagescount", "numpages", "numberofpages", "totalpagecount"),
        *("nbpages", "maxpage", "lastpage", "totalpagescount"),
    )
)
_PAGE_HEADERS: Final = ("x-total-pages", "x-pagecount", "x-page-count", "x-wp-totalpages", "x-pages", "x-pagination-page-count")
_RANGE: Final = re.compile(r"\s*\w+\s+[\d*-]+/(\d{1,18})\s*")
_AROUND: Final = frozenset(
    (
        *("paging", "pagination", "page", "pageinfo", "pages", "meta", "metadata", "links", "link", "cursor", "cursors", "info"),
        *(
            "response",
            "result",
            "data",
            "d",
            "responsemetadata",
            "additionaldata",
            "navigation",
            "nav",
            "listinfo",
            "hits",
            "summary",
        ),
    )
)
"""Objects that describe a page, by name."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What one answer says: why there is more, whether it says that there is no more, and its totals of records and pages by name."""

    more: str | None
    no_more: bool
    totals: dict[str, int]
    pages: dict[str, int]
    token: str | None = None
    """A value that may be the token of a next page."""


def hints_in(reply: Reply, holders: Sequence[Step] = ()) -> Hints:
    """The hints of an answer, wherever they are around its records. `holders` are the steps to the object that has the records."""
    more = next((f"the header {name} has a value" for name in _NEXT_HEADERS if _leads_on(reply.headers.get(name))), None)
    token: str | None = None
    no_more = False
    totals = _header_totals(reply)
    pages = _numbers_in(reply, _PAGE_HEADERS)
    if next_link(reply.headers.get("link", "")) is not None:
        more = "its Link header has a next page"
    for path, name, value in _members(reply.body, holders):
        sign = _sign(name, value)
        if sign is True:
            more = more or f"{path} {_says(value)}"
        no_more |= sign is False
        if name in _TOKENS and isinstance(value, str) and number_of(value) is None and _leads_on(value):
            token = token or f"{path} has a value"
        if name in _TOTALS and (total := number_of(_total_of(value))) is not None:
            totals[path] = total
        if name in _PAGES and (number := number_of(value)) is not None:
            pages[path] = number
    return Hints(more, no_more, totals, pages, token)


def _total_of(value: Json) -> Json:
    """A total, which may be beside what it relates to: `{value, relation}`."""
    return value.get("value") if isinstance(value, dict) else value


def _says(value: Json) -> str:
    return f"is {str(value).lower()}" if _flag(value) is not None else "has a value"


def _sign(name: str, value: Json) -> bool | None:
    """True: there is more. False: there is not. None: nothing is said."""
    flag = _flag(value)
    if _MORE.fullmatch(name):
        return flag
    if name in _LAST:
        return None if flag is None else not flag
    if not _NEXT.fullmatch(name):
        return None
    if isinstance(value, dict):
        return any(_leads_on(item) for item in value.values()) or None
    return _leads_on(value)


def _leads_on(value: Json) -> bool:
    if isinstance(value, str):
        return bool(value.strip()) and _flag(value) is not False
    return isinstance(value, bool | int | float) and value > 0


def _flag(value: Json) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def _header_totals(reply: Reply) -> dict[str, int]:
    found = _numbers_in(reply, _TOTAL_HEADERS)
    if in_range := _RANGE.fullmatch(reply.headers.get("content-range", "")):
        found["the header content-range"] = int(in_range[1])
    return found


def _numbers_in(reply: Reply, headers: tuple[str, ...]) -> dict[str, int]:
    """The numbers in these headers, by the words for each."""
    found = {f"the header {name}": number_of(reply.headers.get(name)) for name in headers}
    return {name: number for name, number in found.items() if number is not None}


def _above(body: Json | Missing, holders: Sequence[Step]) -> Iterator[tuple[str, Document]]:
    """The answer and the objects on the way to its records, with their paths."""
    place: str = "$"
    value: Json | Missing = body
    for step in (*holders, None):
        if not isinstance(value, dict):
            return
        yield place, value
        place, value = f"{place}.{str(step)[:60]}", value.get(step) if isinstance(step, str) else None


def _members(body: Json | Missing, holders: Sequence[Step]) -> Iterator[tuple[str, str, Json]]:
    """The members of the answer and of the objects that describe it: path, plain name, value. Arrays are left out."""
    left = _MOST
    level = list(_above(body, holders))
    above = {place for place, _ in level}
    for _ in range(_DEEPEST):
        deeper: list[tuple[str, Document]] = []
        for place, members in level:
            for name, value in members.items():
                left -= 1
                if left < 0:
                    return
                plain = _NOISE.sub("", name[:60].lower())
                if isinstance(value, dict) and plain in _AROUND and f"{place}.{name[:60]}" not in above:
                    deeper.append((f"{place}.{name[:60]}", value))
                if not isinstance(value, list):
                    yield f"{place}.{name[:60]}", plain, value
        level = deeper
