"""What an answer says about further records: flags, next pages, totals. Names are compared without case, dashes and underscores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.sources.answers.jsonpath import Reply
from reconciler.sources.paging.nothing import next_link
from reconciler.sources.paging.settings import number_of

_DEEPEST: Final = 3
_MOST: Final = 500
"""Members that are looked at: an answer may have any number."""
_NOISE: Final = re.compile(r"[^a-z0-9]")
_MORE: Final = frozenset(
    (
        *("hasmore", "more", "morerecords", "hasmorerecords", "moreavailable", "hasnext", "hasnextpage", "moreresults"),
        *("hasmoreresults", "hasmoreitems", "hasmorepages", "truncated", "istruncated"),
    )
)
_LAST: Final = frozenset({"last", "islast", "islastpage", "lastpage", "done"})
_NEXT: Final = frozenset(
    (
        *(
            "next",
            "nextpage",
            "nextlink",
            "nexturl",
            "nexturi",
            "nexthref",
            "nexttoken",
            "nextpagetoken",
            "nextcursor",
            "nextpageurl",
        ),
        *("nextrecordsurl", "odatanextlink", "aftercursor", "continuationtoken", "nextpagecursor", "nextpagelink"),
    )
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
        *("response", "result", "data", "responsemetadata", "navigation", "nav", "listinfo", "hits", "summary"),
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


def hints_in(reply: Reply) -> Hints:
    """The hints of an answer, wherever they are around its records."""
    more: str | None = None
    no_more = False
    totals = _header_totals(reply)
    pages = _numbers_in(reply, _PAGE_HEADERS)
    if next_link(reply.headers.get("link", "")) is not None:
        more = "its Link header has a next page"
    for path, name, value in _members(reply.body):
        sign = _sign(name, value)
        if sign is True:
            more = more or f"{path} {_says(value)}"
        no_more |= sign is False
        if name in _TOTALS and (total := number_of(value)) is not None:
            totals[path] = total
        if name in _PAGES and (number := number_of(value)) is not None:
            pages[path] = number
    return Hints(more, no_more, totals, pages)


def _says(value: Json) -> str:
    return f"is {str(value).lower()}" if _flag(value) is not None else "has a value"


def _sign(name: str, value: Json) -> bool | None:
    """True: there is more. False: there is not. None: nothing is said."""
    flag = _flag(value)
    if name in _MORE:
        return flag
    if name in _LAST:
        return None if flag is None else not flag
    if name not in _NEXT:
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


def _members(body: Json) -> Iterator[tuple[str, str, Json]]:
    """The members of the answer and of the objects that describe it: path, plain name, value. Arrays are left out."""
    left = _MOST
    level: list[tuple[str, Document]] = [("$", body)] if isinstance(body, dict) else []
    for _ in range(_DEEPEST):
        deeper: list[tuple[str, Document]] = []
        for place, members in level:
            for name, value in members.items():
                left -= 1
                if left < 0:
                    return
                plain = _NOISE.sub("", name[:60].lower())
                if isinstance(value, dict) and plain in _AROUND:
                    deeper.append((f"{place}.{name[:60]}", value))
                if not isinstance(value, list):
                    yield f"{place}.{name[:60]}", plain, value
        level = deeper
