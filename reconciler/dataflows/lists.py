"""One page of a list, in the form of each service, as a `Page`: its items, and the query of the next page.

An item is the raw text of a JSON value, so that an odd one affects only itself. Raises NotJson and WrongShape, as `flowservice.answers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from reconciler.dataflows.places import ListForm
from reconciler.documents.json_text import Document, Json, NotJson, encode, string_at
from reconciler.flowservice.answers import Page, read_page
from reconciler.flowservice.messages import Call
from reconciler.http.bodies import WrongShape, decode_as
from reconciler.http.messages import Answer
from reconciler.texts.exact_json import readable
from reconciler.texts.raw_json import elements, members


def objects_in(value: Json) -> list[Document]:
    """The objects in a list; none for any other value."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def fields_of(content: bytes | bytearray | msgspec.Raw) -> dict[str, bytes]:
    """The members of a JSON object, each value as its text. Raises NotJson, and WrongShape for another value."""
    try:
        return {name: bytes(value) for name, value in decode_as(content, dict[str, msgspec.Raw]).items()}
    except (NotJson, WrongShape) as error:
        reason = error
    try:
        return dict(members(bytes(content)))
    except NotJson:
        raise reason from None


def items_of(content: bytes | bytearray | msgspec.Raw) -> tuple[msgspec.Raw, ...]:
    """The elements of a JSON list. Raises NotJson, and WrongShape for another value."""
    try:
        return tuple(decode_as(content, list[msgspec.Raw]))
    except (NotJson, WrongShape) as error:
        reason = error
    try:
        return tuple(msgspec.Raw(item) for item in elements(bytes(content)))
    except NotJson:
        raise reason from None


def page_of(form: ListForm, answer: Answer, call: Call) -> Page:
    """The page in this answer to this call."""
    return _FORMS[form](answer, call)


def _items(answer: Answer, _call: Call) -> Page:
    return read_page(answer)


def _keyed(answer: Answer, call: Call) -> Page:
    """Catalog: `{"<id>": {…}, …}`; the id is added to each entry. The list ends with an empty page: a page may be shorter than asked.

    `_page` and `_links` beside the entries are none.
    """
    entries = {key: value for key, value in fields_of(answer.content).items() if not key.startswith("_")}
    items = tuple(msgspec.Raw(b'{"id":%b,"entry":%b}' % (encode(key), value)) for key, value in entries.items())
    return Page(items, _offset_after(call, len(items)), None)


def _results(answer: Answer, call: Call) -> Page:
    """Schema registry: `{"results": […], "_page": {"next": <start of the next page>}, "_links": {"next": {"href"}}}`."""
    fields = fields_of(answer.content)
    items = items_of(_needed(fields, "results"))
    start = string_at(readable(fields.get("_page", b"null")), "next")
    if start and start != "null":
        query = [(name, value) for name, value in parse_qsl(call.query, keep_blank_values=True) if name != "start"]
        return Page(items, f"?{urlencode([*query, ('start', start)], quote_via=quote, safe='=')}", None)
    return Page(items, _link(fields), None)


def _data(answer: Answer, call: Call) -> Page:
    """Conversion: `{"data": […], "_links": {"next": {"href"}}}`. Without a link, the list ends with an empty page."""
    fields = fields_of(answer.content)
    data = _needed(fields, "data")
    items = (msgspec.Raw(data),) if data.lstrip().startswith(b"{") else items_of(data)
    return Page(items, _link(fields) or _offset_after(call, len(items)), None)


def _needed(fields: Mapping[str, bytes], name: str) -> bytes:
    if name not in fields:
        raise WrongShape(f"it has no `{name}`")
    return fields[name]


def _link(fields: Mapping[str, bytes]) -> str | None:
    links = readable(fields.get("_links", b"null"))
    return string_at(links, "next", "href") or string_at(links, "next") or None


def _offset_after(call: Call, received: int) -> str | None:
    if not received:
        return None
    query = parse_qsl(call.query, keep_blank_values=True)
    start = next((int(value) for name, value in query if name == "start" and value.isdecimal()), 0)
    kept = [(name, value) for name, value in query if name != "start"]
    return f"?{urlencode([*kept, ('start', str(start + received))], quote_via=quote, safe='=')}"


_FORMS: Final[Mapping[ListForm, Callable[[Answer, Call], Page]]] = {
    "items": _items,
    "keyed": _keyed,
    "results": _results,
    "data": _data,
}
