"""The address and the token of the next page, as an answer names them."""

from __future__ import annotations

from urllib.parse import urlsplit

from reconciler.documents.json_text import Json
from reconciler.documents.places import MISSING, Missing
from reconciler.providers.exchange import Asked
from reconciler.providers.positions import Page, cursor, token_for
from reconciler.providers.provider import LastNext, Next, Provider


def next_member(provider: Provider, asked: Asked, page: Page) -> Json | Missing:
    """The value of the member with the next address or token; MISSING if the answer has none."""
    paging = provider.paging
    if paging.next is not None:
        more = _address(provider, paging.next, asked, page.at + page.size)
        return _or_last(paging.next.last, page, more, _in_form(paging.next, asked.url))
    if paging.token is not None:
        token = paging.token
        sent = asked.headers.get(token.name.lower()) if token.place == "header" else asked.parameter(token.name)
        return _or_last(token.last, page, token_for(token, page.at + page.size), sent)
    return MISSING


def next_link(provider: Provider, asked: Asked, page: Page) -> str | None:
    """The address of the next page for a Link header; None on the last page."""
    paging = provider.paging
    if not page.has_more:
        return None
    match paging.style:
        case "offset":
            return asked.url_with(paging.offset, str(page.end + (paging.start or 0)))
        case "page":
            start = 1 if paging.start is None else paging.start
            return asked.url_with(paging.page, str(page.end // page.size + start))
        case "token" if paging.token is not None and paging.token.place == "query":
            return asked.url_with(paging.token.name, token_for(paging.token, page.end))
        case "pointer":
            return _address(provider, paging.next or Next(""), asked, page.end)
        case _:
            return None


def _address(provider: Provider, following: Next, asked: Asked, at: int) -> str:
    """The address of the page that starts at this position, in the form and with the parameters that the file describes."""
    everything = frozenset(name for name, _ in asked.query)
    keys = frozenset(provider.auth.query) if provider.auth is not None else frozenset()
    dropped = {"all": frozenset(), "without-key": keys, "none": everything}[following.keep]
    return _in_form(following, asked.url_with(following.name, cursor(at), dropped))


def _in_form(following: Next, url: str) -> str:
    parts = urlsplit(url)
    if following.address == "relative":
        return parts._replace(scheme="", netloc="").geturl()
    return f"?{parts.query}" if following.address == "query" else url


def _or_last(last: LastNext, page: Page, more: str, own: str | None) -> Json | Missing:
    """The next value, or on the last page what the file says is there."""
    if page.has_more or (last == "more" and not page.is_empty):
        return more
    return {"absent": MISSING, "null": None, "empty": "", "self": own, "more": None}[last]
