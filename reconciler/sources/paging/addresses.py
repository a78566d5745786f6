"""The address of the next page, as a third party gives it: it decides where credentials could go, so it is checked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Request
from reconciler.sources.paging.parameters import pairs_of, with_query_text
from reconciler.sources.paging.turn import Turn

_LONGEST: Final = 16_000
_SCHEMES: Final = frozenset({"http", "https"})
_PORTS: Final = {"http": 80, "https": 443}
_NEVER: Final = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}]")
"""Characters that no URL has. Programs disagree about them: a backslash is part of the path to some, and a slash to others."""
_HARMLESS: Final = frozenset({"accept", "accept-language", "content-type"})
"""Headers that another host may see."""


def next_request(request: Request, address: str, assumed: Assumptions) -> Turn | Finding:
    """The request to this address, which may be relative to that of the request; a finding if it is not a valid address.

    Another host is a finding, too, and by default receives neither headers nor a body.
    """
    url = _absolute(request.url, address.strip(), assumed)
    if url is None:
        return found("pointer-address", "the address of the next page is not a valid http address")
    if _origin(url) == _origin(request.url):
        return Turn(_kept(request, url, assumed))
    warning = found("other-host", f"the next page is on another host: {urlsplit(url).hostname}")
    harmless = tuple((name, value) for name, value in request.headers if name.lower() in _HARMLESS)
    bare = Request(request.method, url, harmless)
    kept = _kept(request, url, assumed)
    return Turn(kept if kept != bare and assumed.of("pointer.auth") == "always" else bare, (warning,))


def _kept(request: Request, url: str, assumed: Assumptions) -> Request:
    """The request at another address, with all that it has, and with its query parameters if they are kept."""
    whole = _with_query_of(request.url, url)
    keeps = whole != url and assumed.of("pointer.query") == "keep-query"
    return replace(request, url=whole if keeps else url)


def _absolute(base: str, address: str, assumed: Assumptions) -> str | None:
    if len(address) > _LONGEST or _NEVER.search(address):
        return None
    try:
        parts = urlsplit(address)
        if parts.scheme and not parts.netloc:
            return None
        if not parts.scheme:
            assumed.of("pointer.relative")
        url = urljoin(base, address).partition("#")[0]
        whole = urlsplit(url)
        is_http = whole.scheme in _SCHEMES and bool(whole.hostname) and whole.port != 0
    except ValueError:
        return None
    return url if is_http and whole.username is None else None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _with_query_of(base: str, url: str) -> str:
    """The URL with the query parameters of another one that it lacks."""
    has = {name for name, _ in pairs_of(url)}
    lacking = [pair for name, pair in pairs_of(base) if name not in has]
    return with_query_text(url, "&".join(lacking)) if lacking else url
