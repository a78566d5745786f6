"""Parameters of a request, set in place: the rest of the URL stays byte for byte. The URL of a request has no fragment."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, unquote_plus

from reconciler.sources.messages import Pairs, Request


def with_parameter(request: Request, name: str, value: str, *, header: bool = False) -> Request:
    """The request with this query parameter or header: replaced where it is, appended if it is absent.

    Further parameters of the same name are removed, because a third party may read the last one.
    """
    if header:
        return replace(request, headers=_with_header(request.headers, name, value))
    return replace(request, url=_with_query(request.url, name, value))


def pairs_of(url: str) -> tuple[tuple[str, str], ...]:
    """Each query parameter as it is written, with its decoded name."""
    query = url.partition("?")[2]
    return tuple((_decoded_name(pair), pair) for pair in query.split("&") if pair)


def with_query_text(url: str, added: str) -> str:
    """The URL with these parameters, already encoded, at the end of its query."""
    between = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{between}{added}"


def _with_header(headers: Pairs, name: str, value: str) -> Pairs:
    kept = list(headers)
    places = [index for index, (other, _) in enumerate(kept) if other.lower() == name.lower()]
    if not places:
        return (*headers, (name, value))
    kept[places[0]] = (kept[places[0]][0], value)
    return tuple(pair for index, pair in enumerate(kept) if index not in places[1:])


def _with_query(url: str, name: str, value: str) -> str:
    address, _, query = url.partition("?")
    parts = query.split("&")
    places = [index for index, pair in enumerate(parts) if _decoded_name(pair) == name]
    if not places:
        return with_query_text(url, f"{quote(name, safe='')}={quote(value, safe='')}")
    parts[places[0]] = f"{parts[places[0]].partition('=')[0]}={quote(value, safe='')}"
    kept = [pair for index, pair in enumerate(parts) if index not in places[1:]]
    return f"{address}?{'&'.join(kept)}"


def _decoded_name(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])
