"""The keys of a provider file and their types."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Json
from reconciler.documents.readers import ANYTHING, FLAG, ListOf, MapOf, Record, Scalar, choice, read_whole
from reconciler.documents.shapes import ShapeMistake
from reconciler.providers.checks import (
    CREDENTIAL,
    DOTTED,
    ENDPOINT,
    FILE,
    FILLED,
    HEADER_NAME,
    HEADER_VALUE,
    MEMBER,
    MOMENT,
    MOST_ON_A_PAGE,
    MOST_RECORDS,
    RETRY_AFTER,
    SECONDS,
    TIME_FORMAT,
    OrWord,
    Template,
    between,
    header_name,
    misfit_if,
    word,
)
from reconciler.providers.contradictions import contradictions
from reconciler.providers.provider import (
    Auth,
    Basic,
    Body,
    Bounds,
    Dates,
    Fault,
    Limit,
    Next,
    Paging,
    Provider,
    Records,
    Shape,
    Style,
    TimeFilter,
    Token,
)

_LAST: Final = word("absent", "null", "empty", "self", "more")
_NUMBER: Final = between(1, MOST_RECORDS)


def _auth(auth: Auth) -> Auth:
    nothing = auth.basic is None and auth.bearer is None and not auth.header and not auth.query
    misfit_if(nothing, "this is empty", "write basic, bearer, header or query; or auth: none")
    twice = (auth.basic is not None) + (auth.bearer is not None) + any(name.lower() == "authorization" for name in auth.header)
    misfit_if(twice > 1, "only one of these can be in the header Authorization", "keep basic or bearer")
    return auth


def _dates(dates: Dates) -> Dates:
    misfit_if(dates.end <= dates.start, "`to` must be later than `from`", "exchange them, or choose a later `to`")
    return dates


def _records(records: Records) -> Records:
    both = (records.file is None) == (records.count is None)
    misfit_if(both, "write either a file or a count", "write {file: records.jsonl}, or {count: 237, each: {…}}")
    misfit_if(records.count is not None and records.each is None, "`each` is missing", 'write each: {id: "{n}"}')
    misfit_if(records.file is not None and records.each is not None, "`each` is for a count", "remove each, or file")
    return records


def _limit(limit: Limit) -> Limit:
    larger = limit.default > limit.most
    misfit_if(larger, f"the default {limit.default} exceeds max {limit.most}", f"write default: {limit.most} or a larger max")
    return limit


def _window(window: TimeFilter) -> TimeFilter:
    nothing = window.start is None and window.end is None
    misfit_if(nothing, "write `from`, `to` or both", "write from: <the parameter for the start of the time range>")
    misfit_if(window.start == window.end, "`from` and `to` are the same parameter", "write the name of each parameter")
    return window


def _fault(fault: Fault) -> Fault:
    when = [name for name in ("request", "every", "after") if getattr(fault, name) is not None]
    misfit_if(len(when) != 1, "write one of `request`, `every` and `after`", "write request: 2 for the second request")
    what = fault.status is not None or fault.body is not None or fault.delay > 0 or fault.reset
    misfit_if(not what, "this does nothing", "write status, body, delay or reset")
    is_both = fault.reset and (fault.status is not None or fault.body is not None)
    misfit_if(is_both, "a reset connection has no answer", "remove reset, or status and body")
    return fault


BASIC: Final = Record(Basic, {"username": CREDENTIAL, "password": CREDENTIAL}, ("username", "password"))
AUTH: Final = Record(
    Auth,
    {
        "basic": BASIC,
        "bearer": CREDENTIAL,
        "header": MapOf(HEADER_VALUE, header_name, least=1),
        "query": MapOf(CREDENTIAL, least=1),
    },
    check=_auth,
)
DATES: Final = Record(Dates, {"from": MOMENT, "to": MOMENT}, fields={"from": "start", "to": "end"}, check=_dates)
RECORDS: Final = Record(
    Records,
    {"file": FILE, "count": between(0, MOST_RECORDS), "each": Template(), "dates": DATES, "moving": between(0, 1000)},
    check=_records,
)
ANSWER: Final = Record(
    Shape,
    {
        "records": DOTTED,
        "wrap": MEMBER,
        "total": MEMBER,
        "total_off": between(-MOST_RECORDS, MOST_RECORDS),
        "count": MEMBER,
        "more": MEMBER,
        "last": MEMBER,
        "pages": MEMBER,
        "as_strings": FLAG,
        "empty": word("list", "null", "absent"),
        "also": MapOf(ANYTHING),
    },
)
LIMIT: Final = Record(
    Limit,
    {
        "name": FILLED,
        "default": between(1, MOST_ON_A_PAGE),
        "max": between(1, MOST_ON_A_PAGE),
        "over": Scalar("string", choices=("cap", "refuse")),
    },
    fields={"max": "most"},
    check=_limit,
)
NEXT: Final = Record(
    Next,
    {
        "path": MEMBER,
        "name": FILLED,
        "address": Scalar("string", choices=("absolute", "relative", "query")),
        "last": _LAST,
        "keep": Scalar("string", choices=("all", "without-key", "none")),
    },
    ("path",),
)
TOKEN: Final = Record(
    Token,
    {
        "path": MEMBER,
        "name": FILLED,
        "in": Scalar("string", choices=("query", "header")),
        "last": _LAST,
        "form": Scalar("string", choices=("opaque", "number", "same")),
        "expires_after": _NUMBER,
    },
    ("path", "name"),
    fields={"in": "place"},
)
PAGING: Final = Record(
    Paging,
    {
        "style": choice(Style),
        "limit": LIMIT,
        "offset": FILLED,
        "page": FILLED,
        "start": between(0, 1),
        "zero": Scalar("string", choices=("first", "refuse")),
        "next": NEXT,
        "token": TOKEN,
        "past_end": word("empty", "last", "204", "404"),
        "pages_header": HEADER_NAME,
        "total_header": HEADER_NAME,
        "link_header": FLAG,
    },
    ("style",),
)
WINDOW: Final = Record(
    TimeFilter,
    {"from": FILLED, "to": FILLED, "field": MEMBER, "format": TIME_FORMAT, "includes": choice(Bounds)},
    ("field",),
    fields={"from": "start", "to": "end"},
    check=_window,
)
FAULT: Final = Record(
    Fault,
    {
        "request": _NUMBER,
        "every": _NUMBER,
        "after": between(0, MOST_RECORDS),
        "status": between(200, 599),
        "retry_after": RETRY_AFTER,
        "location": HEADER_VALUE,
        "body": Scalar("string"),
        "delay": SECONDS,
        "reset": FLAG,
    },
    check=_fault,
)
BODY: Final = Record(
    Body,
    {
        "content_type": HEADER_VALUE,
        "gzip": Scalar("string", choices=("on-request", "always", "never")),
        "chunked": FLAG,
        "slow": SECONDS,
        "bom": FLAG,
        "whitespace": FLAG,
    },
)
PROVIDER: Final = Record(
    Provider,
    {
        "kind": Scalar("string", choices=("Provider",)),
        "path": ENDPOINT,
        "method": Scalar("string", choices=("GET", "POST")),
        "auth": OrWord("none", AUTH),
        "records": RECORDS,
        "answer": ANSWER,
        "paging": PAGING,
        "window": WINDOW,
        "faults": ListOf(FAULT),
        "errors": Scalar("string", choices=("json", "html")),
        "body": BODY,
    },
    ("kind", "path", "records"),
)


def provider_of(document: Json) -> Provider | tuple[ShapeMistake, ...]:
    """The provider that this document describes, or every mistake in it."""
    read = read_whole(PROVIDER, document)
    return read if isinstance(read, tuple) else contradictions(read, document) or read
