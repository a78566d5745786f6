"""Lists: filters, sorting, counts and pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from reconciler.emulator.http.calls import Call, json_response
from reconciler.emulator.http.filters import Query, parse_query, searchable
from reconciler.emulator.http.ordering import Entry, ordered
from reconciler.emulator.model import RUNS, SERVICE, SPEC_KINDS
from reconciler.emulator.oddities import elements
from reconciler.emulator.problems import flow_service
from reconciler.emulator.service import Service


def list_objects(service: Service, kind: str, call: Call) -> Response:
    """`GET` on a collection. By default spec lists have only `items`; other lists also have `_links` and `count`.

    Spec lists do not support `orderby` and `count`, and support `limit` and `continuationToken` only if the service has pages. Raises
    `DeclinedError`.
    """
    specs = kind in SPEC_KINDS
    counted, limit = call.parameter("count") == "true", call.parameter("limit")
    if counted and limit is not None and not specs:
        message = (
            "The limit and count parameters cannot be given together in the same request."
            " Please provide either only the limit or the count parameter and try again."
        )
        raise flow_service("1401-400", message, request_id=call.request_id, kind=kind)
    properties = [] if service.behaviour.filters_ignored else call.parameters("property")
    query = parse_query(kind, properties, call.request_id)
    size = _page_size(service, limit, call.request_id) if not specs or service.behaviour.pages else 0
    after = _after(call) if size or not specs else 0
    if specs:
        total, entries = _spec_places(service, kind, call, query, after)
    else:
        total, entries = 0, _places(service, kind, call, query, after)
    if counted and not specs:
        return json_response({"count": sum(1 for _ in entries)})
    page = list(islice(entries, size + 1)) if size else list(entries)
    shown = page[:size] if size else page
    link = _next_link(service, kind, call, shown[-1][0]) if len(page) > len(shown) else None
    count = len(shown) if not specs else total if service.behaviour.list_count else None
    return json_response(_document([body for _, body in shown], link, count, linked=not specs or size > 0))


def _places(service: Service, kind: str, call: Call, query: Query, after: int) -> Iterator[Entry]:
    """The entries after the position `after`, in creation order or in the requested order."""
    orderby = call.parameter("orderby")
    if orderby is None:
        return _entries(service, kind, call, query, after)
    return iter(ordered(_entries(service, kind, call, query, 0), orderby, kind, call.request_id)[max(after, 0) :])


def _spec_places(service: Service, kind: str, call: Call, query: Query, after: int) -> tuple[int, Iterator[Entry]]:
    """The length of a spec list, and the entries after `after`: a `seq`, or an offset, depending on the switches."""
    behaviour = service.behaviour
    entries = list(_entries(service, kind, call, query, 0))
    if behaviour.latest_first:
        written = service.store.written_at()
        entries.sort(key=lambda entry: (written.get(entry[0], 0.0), entry[0]), reverse=True)
    odd = elements(service.behaviour.bad_elements) if query.is_everything else []
    last = max((place for place, _ in entries), default=0)
    entries += [(last + number, element) for number, element in enumerate(odd, start=1)]
    if not (behaviour.page_by_offset or behaviour.latest_first or behaviour.shifting_pages):
        return len(entries), (entry for entry in entries if entry[0] > after)
    if entries and service.readings.shifts(kind, behaviour.shifting_pages, first=not after):
        entries = [entries[-1], *entries[:-1]]
    return len(entries), iter(list(enumerate((body for _, body in entries), start=1))[after:])


def _entries(service: Service, kind: str, call: Call, query: Query, after: int) -> Iterator[Entry]:
    """The position and JSON of every entry that matches the query. Entries are decoded only if the query requires it."""
    for row in service.rows(kind, call.caller.place, after, filtered=not query.is_everything):
        body = service.answer(kind, row, "list")
        if query.is_everything:
            yield row.seq, body
            continue
        if kind != RUNS and query.excludes(body):
            continue
        decoded = msgspec.json.decode(body)
        if query.matches(searchable(decoded) if kind == RUNS else decoded):
            yield row.seq, body if query.fields is None else msgspec.json.encode(query.project(decoded))


def _document(items: list[bytes], link: str | None, count: int | None, *, linked: bool) -> bytes:
    parts = [b'{"items":[', b",".join(items), b"]"]
    if linked:
        links = {"next": {"href": link}} if link else {}
        parts += [b',"_links":', msgspec.json.encode(links)]
    if count is not None:
        parts += [b',"count":%d' % count]
    return b"".join([*parts, b"}"])


def _page_size(service: Service, limit: str | None, request_id: str) -> int:
    """Items per page; 0 means all."""
    pages = service.behaviour.pages
    if limit is None:
        return pages
    if not limit.isdecimal() or int(limit) == 0:
        raise flow_service("1451-400", "Invalid params limit provided in query params.", request_id=request_id)
    return min(int(limit), pages) if pages else int(limit)


def _after(call: Call) -> int:
    token = call.parameter("continuationToken")
    if token is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token.encode()))
    except (ValueError, binascii.Error) as error:
        message = "Invalid params continuationToken provided in query params."
        raise flow_service("1451-400", message, request_id=call.request_id) from error


def _next_link(service: Service, kind: str, call: Call, last: int) -> str:
    """The link to the next page. The token is opaque and ends in `=`, which is valid unescaped in a link."""
    token = base64.urlsafe_b64encode(b"%010d" % last).decode()
    kept = [(name, value) for name, value in call.query if name != "continuationToken"]
    others = "".join(f"&{quote(name)}={quote(value)}" for name, value in kept)
    base = f"{call.url}{SERVICE}" if service.behaviour.absolute_links else ""
    return f"{base}/{kind}?continuationToken={token}{others}"
