"""Paged lists: each `_links.next` is followed, and only on the host of the first request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeVar
from urllib.parse import SplitResult, urlsplit

from reconciler.errors import ServiceError
from reconciler.flowservice.answers import Page, SpecPage
from reconciler.flowservice.messages import Call

P = TypeVar("P", Page, SpecPage)

MAX_PAGES: Final = 2_000
"""Maximum number of pages; a longer list is treated as endless."""
MAX_OLD_PAGES: Final = 5
"""Maximum pages in a row without new items. Filters and concurrent changes may cause a few; more mean an endless list."""

_REPORT: Final = "a plan needs the complete list: run again; if it fails again, report it to Adobe with the time of the request"
_RAISE_DEADLINE: Final = (
    "run again, or raise network.deadline in reconciler.yaml: a list with all its pages may take ten times that long"
)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def all_pages(read: Callable[[Call], P], first: Call, base_url: str, has_time: Callable[[], bool]) -> Iterator[P]:
    """Each page of a list, in order, for as long as `has_time` allows another request.

    Raises ServiceError if a link points to another host or endpoint, if a link repeats, and if the list does not end.
    """
    call, seen, shown, old = first, {first.query}, {hash(())}, 0
    for _ in range(MAX_PAGES):
        page = read(call)
        yield page
        if page.next_href is None:
            return
        content = hash(tuple(map(bytes, page.items)))
        old = old + 1 if content in shown else 0
        if old > MAX_OLD_PAGES:
            raise _lost(first, "its pages continue but show nothing new")
        shown.add(content)
        if not has_time():
            raise _lost(first, "it takes too long", _RAISE_DEADLINE)
        call = replace(first, query=_next_query(page.next_href, first, base_url))
        if call.query in seen:
            raise _lost(first, "the link to the next page points to a page already read")
        seen.add(call.query)
    raise _lost(first, f"the list has more than {MAX_PAGES} pages")


def _next_query(href: str, first: Call, base_url: str) -> str:
    """The query of a link. Host and path stay those of the first call, whether the link is absolute or relative."""
    try:
        link, base = urlsplit(href), urlsplit(base_url)
        same_host = not link.netloc or _origin(link, base.scheme) == _origin(base, base.scheme)
    except ValueError:
        raise _lost(first, "the link to the next page is not a URL") from None
    if not same_host:
        raise _lost(first, "the link to the next page points to another host, which must not receive the token")
    if (link.path and not f"/{link.path}".endswith(first.path)) or not link.query:
        raise _lost(first, "the link to the next page points elsewhere")
    return link.query


def _origin(url: SplitResult, scheme: str) -> tuple[str, str | None, int | None]:
    scheme = url.scheme or scheme
    return scheme, url.hostname, url.port or _DEFAULT_PORTS.get(scheme)


def _lost(call: Call, reason: str, hint: str = _REPORT) -> ServiceError:
    return ServiceError(f"{call}: cannot read the complete list: {reason}", hint=hint)
