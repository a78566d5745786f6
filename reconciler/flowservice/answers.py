"""What answers hold: one object, wrapped in `items` or bare; one page of a list; the id of what was created.

Each reader takes a successful Answer. It raises NotJson for bytes that are not JSON, such as a body that was cut off (another GET may
help), and WrongShape for JSON that is something else (another GET would not).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import msgspec

from reconciler.documents.json_text import Json, NotJson
from reconciler.flowservice.specs import milliseconds
from reconciler.http.bodies import WrongShape, decode_as
from reconciler.http.messages import Answer

_LOCATED_ID: Final = re.compile(r"(?:^|/)([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})/?$", re.ASCII)
_NOTHING: Final = msgspec.Raw()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `next_href` is the link to the next one, as it was written; `count` what the service counts, if it says."""

    items: tuple[msgspec.Raw, ...]
    next_href: str | None
    count: int | None


class _List(msgspec.Struct):
    items: list[msgspec.Raw]
    links: Any = msgspec.field(name="_links", default=None)
    count: Any = None


class _One(msgspec.Struct):
    id: Any = None
    items: msgspec.Raw = _NOTHING


class _Changed(msgspec.Struct):
    updated_at: Any = msgspec.field(name="updatedAt", default=None)


def read_anything(answer: Answer) -> None:
    """Only whether the answer is JSON, whatever it says: a PUT's answer is printed half wrapped in one page of the docs."""
    if answer.content or answer.status != HTTPStatus.NO_CONTENT:
        decode_as(answer.content, msgspec.Raw)


def read_page(answer: Answer) -> Page:
    """A page of a list: `{"items": […], "_links": {"next": {"href": …}}, "count": n}`, of which only `items` must be there."""
    found = decode_as(answer.content, _List)
    count = found.count if isinstance(found.count, int) and not isinstance(found.count, bool) else None
    return Page(tuple(found.items), _next_href(found.links), count)


def _next_href(links: Json) -> str | None:
    link = links.get("next") if isinstance(links, dict) else None
    href = link.get("href") if isinstance(link, dict) else link
    if href is None or href == "":
        return None
    if not isinstance(href, str):
        raise WrongShape("the link to the next page is not a text")
    return href


def read_one(answer: Answer) -> memoryview:
    """The one object that the answer holds, bare or as `{"items": [object]}`: the docs print both for one endpoint."""
    found = decode_as(answer.content, _One)
    if found.id is not None or not bytes(found.items):
        return memoryview(answer.content)
    items = decode_as(found.items, list[msgspec.Raw])
    if len(items) != 1:
        raise WrongShape(f"it holds {len(items)} items where one was asked for")
    return memoryview(items[0])


def changed_at(answer: Answer) -> int | None:
    """The `updatedAt` (milliseconds since the epoch) of the object in the answer to a write; None where it does not tell."""
    try:
        found = decode_as(bytes(read_one(answer)), _Changed).updated_at
    except (NotJson, WrongShape):
        return None
    return milliseconds(found)


def created_id(answer: Answer) -> str:
    """The id of what a POST made: of its answer, or else the end of its `Location`."""
    found = decode_as(bytes(read_one(answer)), _One)
    if isinstance(found.id, str) and found.id:
        return found.id
    located = _LOCATED_ID.search(answer.headers.get("location", ""))
    if not located:
        raise WrongShape("it does not say the id of what was created")
    return located[1]
