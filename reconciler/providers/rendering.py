"""The bytes and headers of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from reconciler.documents.json_text import Document, Json, encode
from reconciler.documents.places import MISSING
from reconciler.providers.exchange import Asked, Refusal
from reconciler.providers.following import next_link, next_member
from reconciler.providers.positions import Page
from reconciler.providers.provider import Fault, Provider, put
from reconciler.sources.messages import Answer

_BOM: Final = b"\xef\xbb\xbf"
_HTML: Final = "text/html; charset=utf-8"
_NO_BODY: Final = frozenset({204, 205, 304})


def answered(provider: Provider, asked: Asked, page: Page, records: list[Json]) -> Answer:
    """A page of records."""
    document = _document(provider, asked, page, records)
    content = encode(document)
    if provider.body.whitespace:
        content = b"\n\n  " + content.replace(b"},{", b"} ,\n  {") + b"\r\n \n"
    if provider.body.bom:
        content = _BOM + content
    headers = {"content-type": provider.body.content_type, **_page_headers(provider, asked, page)}
    return _sent(200, headers, content, asked.method)


def refused(provider: Provider, refusal: Refusal, method: str) -> Answer:
    """An error in the format of the API; 204 has no body."""
    content_type, content = _error(provider, refusal.status, refusal.message)
    return _sent(refusal.status, {"content-type": content_type, **refusal.headers}, content, method)


def made_up(provider: Provider, fault: Fault, method: str) -> Answer:
    """The answer that a fault puts in the place of the real one."""
    status = fault.status or 200
    content_type, content = _error(provider, status, _phrase(status))
    if fault.body is not None:
        content = fault.body.encode("utf-8", "replace")
        content_type = "application/json" if fault.body.lstrip().startswith(("{", "[")) else _HTML
    headers = {"content-type": content_type}
    headers |= {} if fault.retry_after is None else {"retry-after": fault.retry_after}
    headers |= {} if fault.location is None else {"location": fault.location}
    return _sent(status, headers, content, method)


def _document(provider: Provider, asked: Asked, page: Page, records: list[Json]) -> Json:
    shape = provider.answer
    shown: Json = records if shape.wrap is None else [_wrapped(shape.wrap, record) for record in records]
    is_absent = not records and shape.empty == "absent"
    if not records and shape.empty == "null":
        shown = None
    if not shape.records:
        return shown
    document = _copied(shape.also)
    if not is_absent:
        put(document, shape.records, shown)
    total = page.total + shape.total_off
    facts = (
        (shape.total, total),
        (shape.count, len(records)),
        (shape.pages, page.pages),
        (shape.more, page.has_more),
        (shape.last, not page.has_more),
    )
    for path, value in facts:
        if path is not None:
            put(document, path, str(value).lower() if shape.as_strings else value)
    following = provider.paging.next or provider.paging.token
    if following is not None and (address := next_member(provider, asked, page)) is not MISSING:
        put(document, following.path, address)
    return document


def _page_headers(provider: Provider, asked: Asked, page: Page) -> Mapping[str, str]:
    paging = provider.paging
    headers = {}
    if paging.pages_header is not None:
        headers[paging.pages_header.lower()] = str(page.pages)
    if paging.total_header is not None:
        headers[paging.total_header.lower()] = str(page.total + provider.answer.total_off)
    if paging.link_header and (link := next_link(provider, asked, page)) is not None:
        headers["link"] = f'<{link}>; rel="next"'
    return headers


def _wrapped(path: str, record: Json) -> Document:
    wrapper: Document = {}
    put(wrapper, path, record)
    return wrapper


def _copied(value: Json) -> Json:
    """A copy whose mappings can be changed."""
    return {name: _copied(item) for name, item in value.items()} if isinstance(value, dict) else value


def _error(provider: Provider, status: int, message: str) -> tuple[str, bytes]:
    if provider.errors == "html":
        title = f"{status} {_phrase(status)}"
        page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
        return _HTML, page.encode()
    return "application/json", encode({"error": {"status": status, "message": message}})


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _sent(status: int, headers: Mapping[str, str], content: bytes, method: str) -> Answer:
    if status in _NO_BODY:
        return Answer(status, {name: value for name, value in headers.items() if name != "content-type"}, b"")
    return Answer(status, headers, b"" if method == "HEAD" else content)
