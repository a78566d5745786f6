"""Parses responses: one object, wrapped in `items` or bare; one page of a list; the id of a created spec.

Each function takes a successful Answer. It raises NotJson for bytes that are not JSON, such as a truncated body (another GET may help),
and WrongShape for JSON of another shape (another GET would not help). A response that msgspec cannot decode, because a nested value has a
lone surrogate or is nested too deep, is decoded layer by layer, so that one bad element affects only its own reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar

import msgspec

from reconciler.documents.json_text import Json, NotJson
from reconciler.flowservice.specs import SpecFields, milliseconds
from reconciler.http.bodies import WrongShape, decode_as
from reconciler.http.messages import Answer
from reconciler.http.pause import http_date
from reconciler.texts.exact_json import decode_exact, readable
from reconciler.texts.raw_json import elements, members

_LOCATED_ID: Final = re.compile(r"(?:^|/)([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})/?$", re.ASCII)
_NOTHING: Final = msgspec.Raw()

T = TypeVar("T")


class Page(msgspec.Struct, frozen=True):
    """One page of a list. `next_href` is the link to the next page, verbatim; `count` is the service's count, if it gives one.

    An item is the raw text of a JSON value, valid or not.
    """

    items: tuple[msgspec.Raw, ...]
    next_href: str | None
    count: int | None
    served_at: float | None = None
    """The `Date` of the answer, in seconds since the epoch; None without a valid one."""


class SpecPage(msgspec.Struct, frozen=True):
    """One page of a list of specs. `fields` are those of its entries, in order; None if one of them has to be looked into by itself."""

    texts: _Texts
    fields: Sequence[SpecFields] | None
    next_href: str | None
    count: int | None
    served_at: float | None = None

    @property
    def items(self) -> tuple[msgspec.Raw, ...]:
        """The entries, as in `Page`."""
        return self.texts.all()

    def text(self, position: int) -> memoryview:
        """The text of the entry at this position, from 0, as a read-only view of the response."""
        return memoryview(self.texts.all()[position]).toreadonly()


class _Texts:
    """The texts of the entries of a list, which is split when the first of them is needed: a plan without changes needs none."""

    __slots__ = ("_content", "_found")

    def __init__(self, content: bytes | bytearray) -> None:
        self._content = content
        self._found: tuple[msgspec.Raw, ...] | None = None

    def all(self) -> tuple[msgspec.Raw, ...]:
        if self._found is None:
            self._found = tuple(_opened(self._content, _List, _list_of).items)
        return self._found


class _SpecList(msgspec.Struct):
    items: list[SpecFields]
    links: Any = msgspec.field(name="_links", default=None)
    count: Any = None


class _List(msgspec.Struct):
    items: list[msgspec.Raw]
    links: Any = msgspec.field(name="_links", default=None)
    count: Any = None


class _One(msgspec.Struct):
    id: Any = None
    items: msgspec.Raw = _NOTHING


def read_anything(answer: Answer) -> None:
    """Only check that the response is JSON: on one page of the docs the response to a PUT is incompletely wrapped."""
    if answer.content or answer.status != HTTPStatus.NO_CONTENT:
        _opened(answer.content, msgspec.Raw, decode_exact)


def read_page(answer: Answer) -> Page:
    """A page of a list: `{"items": […], "_links": {"next": {"href": …}}, "count": n}`. Only `items` is required."""
    found = _opened(answer.content, _List, _list_of)
    return _page(answer, found.items, found.links, found.count)


def _page(answer: Answer, items: Iterable[msgspec.Raw], links: Json, count: Json) -> Page:
    counted = count if isinstance(count, int) and not isinstance(count, bool) else None
    return Page(tuple(items), _next_href(links), counted, http_date(answer.headers.get("date") or ""))


def read_spec_page(answer: Answer) -> SpecPage:
    """A page of a list of specs, with the fields of its entries from the same pass."""
    texts = _Texts(answer.content)
    try:
        found = decode_as(answer.content, _SpecList) if _is_utf8(answer.content) else None
    except (NotJson, WrongShape):
        found = None
    page = read_page(answer) if found is None else _page(answer, (), found.links, found.count)
    return SpecPage(texts, None if found is None else found.items, page.next_href, page.count, page.served_at)


def _is_utf8(content: bytes | bytearray) -> bool:
    try:
        return content.isascii() or bool(str(content, "utf-8"))
    except UnicodeDecodeError:
        return False


def _next_href(links: Json) -> str | None:
    link = links.get("next") if isinstance(links, dict) else None
    href = link.get("href") if isinstance(link, dict) else link
    if href is None or href == "":
        return None
    if not isinstance(href, str):
        raise WrongShape("the link to the next page is not a string")
    return href


def read_one(answer: Answer) -> memoryview:
    """The one object in the response, bare or as `{"items": [object]}`: the docs show both for one endpoint."""
    found = _opened(answer.content, _One, _one_of)
    if found.id is not None or not bytes(found.items):
        return memoryview(answer.content)
    items = _opened(bytes(found.items), list[msgspec.Raw], _items_of)
    if len(items) != 1:
        raise WrongShape(f"it holds {len(items)} items instead of one")
    return memoryview(items[0])


def changed_at(answer: Answer) -> int | None:
    """The `updatedAt` (milliseconds since the epoch) in the response to a write; None if it is missing."""
    try:
        found = _field(bytes(read_one(answer)), "updatedAt")
    except (NotJson, WrongShape):
        return None
    return milliseconds(found)


def created_id(answer: Answer) -> str:
    """The id of a created spec: from the response, or else the end of its `Location`."""
    found = _field(bytes(read_one(answer)), "id")
    if isinstance(found, str) and found:
        return found
    located = _LOCATED_ID.search(answer.headers.get("location", ""))
    if not located:
        raise WrongShape("it has no id for the created object")
    return located[1]


def _opened(content: bytes | bytearray, shape: type[T], open_layer: Callable[[bytes], T]) -> T:
    """The value decoded as that type; if a nested value cannot be decoded, only its outermost layer is."""
    try:
        return decode_as(content, shape)
    except (NotJson, WrongShape) as error:
        reason = error
    try:
        return open_layer(bytes(content))
    except (NotJson, WrongShape):
        raise reason from None


def _list_of(content: bytes) -> _List:
    found = dict(members(content))
    links, count = (readable(found.get(name, b"null")) for name in ("_links", "count"))
    return _List(_items_of(found.get("items", b"")), links, count)


def _one_of(content: bytes) -> _One:
    found = dict(members(content))
    return _One(readable(found.get("id", b"null")), msgspec.Raw(found.get("items", b"")))


def _items_of(content: bytes) -> list[msgspec.Raw]:
    return [msgspec.Raw(item) for item in elements(content)]


def _field(content: bytes, name: str) -> Json:
    """One field of a JSON object. Raises NotJson, and WrongShape if the value is not an object."""
    try:
        fields = decode_as(content, dict[str, msgspec.Raw])
    except (NotJson, WrongShape):  # a value or key that cannot be decoded hides no other
        if not content.lstrip().startswith(b"{"):
            raise
        return readable(dict(members(content)).get(name, b"null"))
    return readable(bytes(fields.get(name, b"null")))
