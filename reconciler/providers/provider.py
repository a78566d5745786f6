"""A third-party API as a provider file describes it. Every field has been checked; see `schema` for the keys of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from reconciler.documents.json_text import Document, Json

Style: TypeAlias = Literal["offset", "page", "pointer", "token", "none"]
PastEnd: TypeAlias = Literal["empty", "last", "204", "404"]
"""The answer to a page after the last one."""
LastNext: TypeAlias = Literal["absent", "null", "empty", "self", "more"]
"""The next address or token on the last page: no member, null, an empty string, the one that was requested, or one to an empty page."""
Bounds: TypeAlias = Literal["from", "to", "both", "none"]
"""Which ends of a window are part of it."""


@dataclass(frozen=True, slots=True)
class Basic:
    """The one user of the API."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Auth:
    """The credentials that a request needs, all of them. A value of `*` accepts any value that is not empty."""

    basic: Basic | None = None
    bearer: str | None = field(default=None, repr=False)
    header: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Dates:
    """The range over which `{date}` is spread, in UTC; the end is not part of it."""

    start: datetime = datetime(2024, 1, 1, tzinfo=UTC)
    end: datetime = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Records:
    """The records of the API: a file of JSON lines, or `count` records made from `each`."""

    file: str | None = None
    count: int | None = None
    each: Json = None
    dates: Dates = Dates()
    moving: int = 0
    """How many records move from the end to the front after every request, as in a list without a stable order."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an answer has its records and what it says about them. Paths are names separated by dots; an empty one is the root."""

    records: str = ""
    wrap: str | None = None
    """The member of each element that is the record."""
    total: str | None = None
    total_off: int = 0
    """Added to the total, which then is wrong."""
    count: str | None = None
    more: str | None = None
    last: str | None = None
    pages: str | None = None
    as_strings: bool = False
    empty: Literal["list", "null", "absent"] = "list"
    also: Document = field(default_factory=dict)
    """Members that every answer has."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The page size: the name of its parameter (None: fixed), its default, and the most that the API returns."""

    name: str | None = None
    default: int = 20
    most: int = 100
    over: Literal["cap", "refuse"] = "cap"


@dataclass(frozen=True, slots=True)
class Next:
    """The address of the next page in an answer."""

    path: str
    name: str = "cursor"
    address: Literal["absolute", "relative", "query"] = "absolute"
    last: LastNext = "absent"
    keep: Literal["all", "without-key", "none"] = "all"
    """Which other query parameters the address repeats."""


@dataclass(frozen=True, slots=True)
class Token:
    """The token of the next page: its path in an answer, and the parameter or header that it is sent in."""

    path: str
    name: str
    place: Literal["query", "header"] = "query"
    last: LastNext = "null"
    form: Literal["opaque", "number", "same"] = "opaque"
    """`same` is one token for all pages: the API remembers the position."""
    expires_after: int | None = None
    """How many requests a token of this API outlives."""


@dataclass(frozen=True, slots=True)
class Paging:
    """How the API divides its records into pages."""

    style: Style = "none"
    limit: Limit = Limit()
    offset: str = "offset"
    page: str = "page"
    start: int | None = None
    """The number of the first record or page; None is 0 for offsets and 1 for pages."""
    zero: Literal["first", "refuse"] = "first"
    next: Next | None = None
    token: Token | None = None
    past_end: PastEnd = "empty"
    pages_header: str | None = None
    total_header: str | None = None
    link_header: bool = False


@dataclass(frozen=True, slots=True)
class TimeFilter:
    """The parameters that select records by a time."""

    field: str
    start: str | None = None
    end: str | None = None
    format: str = "iso"
    includes: Bounds = "from"


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to certain requests: one by number, from 1, every n-th, or all after the n-th."""

    request: int | None = None
    every: int | None = None
    after: int | None = None
    status: int | None = None
    retry_after: str | None = None
    location: str | None = None
    body: str | None = None
    delay: float = 0.0
    """Seconds before the answer."""
    reset: bool = False
    """The connection ends without an answer."""

    def is_due(self, number: int) -> bool:
        """Whether this happens to the request with this number, from 1."""
        if self.request is not None:
            return number == self.request
        if self.every is not None:
            return number % self.every == 0
        return self.after is not None and number > self.after


@dataclass(frozen=True, slots=True)
class Body:
    """How the bytes of an answer are sent."""

    content_type: str = "application/json"
    gzip: Literal["on-request", "always", "never"] = "on-request"
    chunked: bool = False
    slow: float = 0.0
    """Seconds over which the body is sent."""
    bom: bool = False
    whitespace: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """One endpoint of a third-party API."""

    kind: str
    path: str
    method: Literal["GET", "POST"] = "GET"
    auth: Auth | None = None
    records: Records = Records(count=0)
    answer: Shape = Shape()
    paging: Paging = Paging()
    window: TimeFilter | None = None
    faults: tuple[Fault, ...] = ()
    errors: Literal["json", "html"] = "json"
    body: Body = Body()


ANY: Final = "*"
"""A credential that may have any value."""


def put(document: Document, path: str, value: Json) -> None:
    """Set the member at this dotted path; members on the way that are no mappings are replaced by mappings."""
    *parents, name = path.split(".")
    for parent in parents:
        inner = document.get(parent)
        if not isinstance(inner, dict):
            inner = document[parent] = {}
        document = inner
    document[name] = value
