"""The key `paging` of a provider file: the style and names of the spec, with the sizes that were seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from reconciler.documents.json_text import Document, Json
from reconciler.sources.answers.jsonpath import MISSING
from reconciler.sources.messages import Request
from reconciler.trying.cassette import Unrecordable, url_of
from reconciler.trying.providing.seen import SeenPage, dotted

PROBED: Final = 10_000
"""The page size that a probe asks for, to see the most that the API returns."""
_SIZE: Final = re.compile(r"(?:page[_\[-]?)?(?:limit|size)\]?|per[_-]?page|count|max[_-]?results|top", re.IGNORECASE)
_HEADER: Final = re.compile(r"headers\.(\S+)", re.IGNORECASE)


def limit_name(pagination: Document, request: Request) -> str | None:
    """The parameter with the page size: that of the spec, or one of the query that looks like it."""
    name = pagination.get("limitName")
    if isinstance(name, str) and name and pagination.get("type") in ("OFFSET", "PAGE", "POINTER"):
        return name
    return next((name for name, value in request.query if _SIZE.fullmatch(name) and value.isdecimal()), None)


def probes(request: Request, pagination: Document) -> tuple[Request, ...]:
    """Two requests that show the default page size and the largest one; none where no parameter has the page size."""
    name = limit_name(pagination, request)
    if name is None:
        return ()
    others = [pair for pair in request.query if pair[0] != name]
    queries = (others, [*others, (name, str(PROBED))])
    return tuple(Request(request.method, url_of(request.address, query), request.headers, request.body) for query in queries)


def paging_of(pagination: Document, pages: Sequence[SeenPage], probed: Sequence[SeenPage] = ()) -> Document:
    """How the API divides its records into pages. Raises Unrecordable for paths that a provider file cannot describe."""
    limit = _limit(pagination, pages, probed)
    match pagination.get("type"):
        case "OFFSET":
            return {
                "style": "offset",
                "limit": limit,
                "offset": _text(pagination, "offSetName", _text(pagination, "offsetName", "offset")),
            }
        case "PAGE":
            return {"style": "page", "limit": limit, "page": _text(pagination, "pageParamName", "page"), **_numbering(pagination)}
        case "POINTER":
            return {"style": "pointer", "limit": limit, "next": _next(_text(pagination, "pointerPath", ""), pages)}
        case "CONTINUATION_TOKEN":
            return {"style": "token", "limit": limit, "token": _token(pagination, pages)}
        case _:
            return {"style": "none"}


def _limit(pagination: Document, pages: Sequence[SeenPage], probed: Sequence[SeenPage]) -> Document:
    """The default and the most, from the probes; without them, the largest page that was seen."""
    name = limit_name(pagination, pages[0].request)
    seen = max(1, *(len(page.rows) for page in pages))
    asked = _number(dict(pages[0].request.query).get(name or ""))
    default, most = seen, max(seen, asked or 0)
    if len(pages) > 1 and asked and seen < asked:
        most = seen  # the API returns fewer than were asked for
    for page in probed:
        wanted, size = _number(dict(page.request.query).get(name or "")), max(len(page.rows), 1)
        if wanted is None:
            default = size
        else:
            most = max(size, seen)
    return {**({} if name is None else {"name": name}), "default": min(default, most), "max": most}


def _numbering(pagination: Document) -> Document:
    start, end = pagination.get("initialPageIndex", 0), pagination.get("endPageIndex")
    found: Document = {}
    if _number(start) in (0, 1):
        found["start"] = _number(start)
    if isinstance(end, str) and (header := _HEADER.fullmatch(end.strip())):
        found["pages_header"] = header[1]
    return found


def _next(path: str, pages: Sequence[SeenPage]) -> Document:
    member = dotted(path, "pointerPath")
    address = pages[0].at(path)
    if not isinstance(address, str) or not address:
        return {"path": member}
    form = "absolute" if "://" in address else "query" if address.startswith("?") else "relative"
    before = set(pages[0].request.query)
    try:
        added = [
            name for name, value in parse_qsl(urlsplit(address).query, keep_blank_values=True) if (name, value) not in before
        ]
    except ValueError:
        added = []
    return {"path": member, **({"name": added[-1]} if added else {}), "address": form, **_at_the_end(path, pages)}


def _token(pagination: Document, pages: Sequence[SeenPage]) -> Document:
    path, name = _text(pagination, "continuationTokenPath", ""), _text(pagination, "parameterName", "")
    if not name or path.lower().startswith("headers."):
        hint = "write provider.yaml by hand; docs/emulator.md lists its keys"
        raise Unrecordable("a provider file cannot describe a token in a header of the answer, or without a parameter", hint=hint)
    place = "header" if pagination.get("parameterType") == "HEADERPARAM" else "query"
    values = [value for page in pages if (value := page.at(path)) is not MISSING and value]
    form = {"form": "number"} if values and all(str(value).isdecimal() for value in values) else {}
    return {"path": dotted(path, "continuationTokenPath"), "name": name, "in": place, **form, **_at_the_end(path, pages)}


def _at_the_end(path: str, pages: Sequence[SeenPage]) -> Mapping[str, str]:
    """What the last answer has in the place of the next address or token."""
    value = pages[-1].at(path)
    if value is MISSING:
        return {"last": "absent"}
    return {"last": "null"} if value is None else {"last": "empty"} if value == "" else {}


def _text(pagination: Document, key: str, default: str) -> str:
    value = pagination.get(key)
    return value if isinstance(value, str) and value else default


def _number(value: Json) -> int | None:
    return int(value) if str(value).isdecimal() and not isinstance(value, bool) and len(str(value)) < 10 else None  # noqa: PLR2004
