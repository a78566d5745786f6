"""Live specs as values: what a list, or a GET of one spec, holds.

Ten thousand bodies of 8 KB stay the bytes that came over the wire; only the few fields by which planning looks specs up are read out of
each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from reconciler.documents.json_text import Document, Json, NotJson
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.documents.verbatim import Verbatim
from reconciler.errors import ServiceError
from reconciler.flowservice.paths import is_spec_id
from reconciler.flowservice.usage import Users
from reconciler.texts.exact_json import decode_exact, readable
from reconciler.texts.raw_json import members

_MARKER_KEY: Final = b'"reconciler"'
_ESCAPE: Final = b"\\u"
"""It may spell the key another way, so it counts as a perhaps."""
_MAX_MILLISECONDS: Final = 2**53
_LEAST_SECONDS, _LEAST_MILLISECONDS = 10**8, 10**11
"""Times between the two are in seconds, from 1973 to the year 5138; as milliseconds they would all be before 1973."""
_NOT_OBJECTS: Final = {str: "a string", bool: "true or false", int: "a number", float: "a number", list: "a list"}
_HEADER_SAFE: Final = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class LiveSpec:
    """One connection or flow spec, as the service returned it.

    `body_json` is the whole body, a read-only view into the answer that held it (a list is kept in memory once, not once more per spec).
    `name` and `provider_id` are empty when the body has none. Times are milliseconds since the epoch. `updated_by` may be any text: a
    published answer has a time there. `source_connection_spec_ids` is empty for connection specs. `may_have_marker` is False only when
    `attributes` certainly has no `reconciler` in it. `etag` keeps its own double quotes.
    """

    kind: Kind
    id: str
    name: str
    provider_id: str
    body_json: memoryview = field(repr=False, hash=False)
    etag: str | None = None
    created_at: int | None = None
    created_by: str | None = None
    created_client: str | None = None
    updated_at: int | None = None
    updated_by: str | None = None
    updated_client: str | None = None
    source_connection_spec_ids: tuple[str, ...] = ()
    may_have_marker: bool = False

    @property
    def body(self) -> Document:
        """The whole body, decoded anew on each call; encoded, it is what the service returned (see `exact_json`).

        Of a key that the body has twice the last value counts; `repeated_keys` has their names. Raises ServiceError for bytes that are no
        JSON.
        """
        try:
            body: Document | Verbatim = decode_exact(self.body_json)
            if isinstance(body, Verbatim):
                body = {name: decode_exact(text) for name, text in members(bytes(self.body_json))}
        except NotJson as error:
            raise _unreadable(self.kind, self.id, str(error)) from None
        return body

    @property
    def repeated_keys(self) -> tuple[str, ...]:
        """The top-level keys that the body has more than once: no PUT can send such a body back as it is."""
        if not isinstance(decode_exact(self.body_json), Verbatim):
            return ()
        names = [name for name, _ in members(bytes(self.body_json))]
        return tuple(sorted({name for name in names if names.count(name) > 1}))

    @property
    def document(self) -> Document:
        """The body without what the server manages, decoded anew on each call; the marker is still in it."""
        return {name: value for name, value in self.body.items() if name not in SERVER_MANAGED}

    @property
    def attributes(self) -> Json:
        """The value of `attributes` alone, decoded anew on each call; None when the body has none."""
        return readable(dict(members(bytes(self.body_json))).get("attributes", b"null"))


@dataclass(frozen=True, slots=True)
class StrangeItem:
    """An entry of a list that cannot be taken for a spec: it is named, and left alone.

    `position` counts the entries of the list from 1, over all its pages. `id`, `name` and `provider_id` are what can be read of it; `name`
    is None where it has none, and `hides_its_name` is True where it has one that cannot be read. `attributes` may hold a marker.
    """

    kind: Kind
    position: int
    reason: str
    id: str | None = None
    name: str | None = None
    provider_id: str | None = None
    hides_its_name: bool = False
    attributes: Json = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """All specs of one kind that this credential can see, each id once, in the order of the list.

    `complete` is False when the service counts another number of specs than it showed, or showed one twice: then its pages shifted, and
    another may be missing; and when it showed none that can be read. `counted` says that nothing can be missing: the service counts as
    many, or there was only one page. `strange` are entries that cannot be taken for specs.
    """

    specs: tuple[LiveSpec, ...]
    complete: bool
    counted: bool = True
    strange: tuple[StrangeItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """How many flows and source connections of the sandbox use one connection spec; `users` are those that say who they are."""

    flows: int
    source_connections: int
    users: Users = field(default=Users(()), compare=False)


class _Index(msgspec.Struct, rename="camel"):
    """The fields by which a spec is looked up. Any: an unexpected type in one of them is no reason to lose sight of the spec."""

    id: Any = None
    name: Any = None
    provider_id: Any = None
    etag: Any = None
    created_at: Any = None
    created_by: Any = None
    created_client: Any = None
    updated_at: Any = None
    updated_by: Any = None
    updated_client: Any = None
    source_connection_spec_ids: Any = None
    attributes: msgspec.Raw = msgspec.Raw()


_FIELDS: Final = {
    name: encoded
    for name, encoded in zip(_Index.__struct_fields__, _Index.__struct_encode_fields__, strict=True)
    if name != "attributes"
}
_index_decoder: Final = msgspec.json.Decoder(_Index)


def live_spec(kind: Kind, body_json: bytes | bytearray | memoryview | msgspec.Raw, etag: str | None = None) -> LiveSpec:
    """The spec that this JSON object is. `etag` is the header's, for a body that has none of its own.

    Raises ServiceError for anything that is not an object with an `id` that a path can hold.
    """
    spec = spec_or_strange(kind, body_json, 1, etag)
    if isinstance(spec, StrangeItem):
        raise _unreadable(kind, spec.id, spec.reason)
    return spec


def spec_or_strange(
    kind: Kind, body_json: bytes | bytearray | memoryview | msgspec.Raw, position: int, etag: str | None = None
) -> LiveSpec | StrangeItem:
    """The spec that an entry of a list is, or what it is instead; `position` is that of the entry, from 1."""
    text = memoryview(body_json)
    try:
        str(text, "utf-8")
        index = _index_decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _looked_into(kind, bytes(text), position, etag)
    return _spec_of(kind, index, text, position, etag)


def _looked_into(kind: Kind, text: bytes, position: int, etag: str | None) -> LiveSpec | StrangeItem:
    """As `spec_or_strange`, for a text that the fast reader does not take: key by key."""
    try:
        fields = dict(members(text))
    except NotJson:
        try:
            what = _NOT_OBJECTS.get(type(decode_exact(text)), "null")
            return StrangeItem(kind, position, f"it is {what}, not an object")
        except NotJson as error:
            return StrangeItem(kind, position, str(error), hides_its_name=text.lstrip().startswith(b"{"))
    try:
        decode_exact(text)
    except NotJson as error:
        return _strange(kind, text, position, str(error))
    index = _Index(**{name: readable(fields[key]) for name, key in _FIELDS.items() if key in fields})
    index.attributes = msgspec.Raw(fields.get("attributes", b""))
    return _spec_of(kind, index, memoryview(text), position, etag)


def _strange(kind: Kind, text: bytes, position: int, reason: str) -> StrangeItem:
    fields = dict(members(text))
    spec_id, name, provider_id, attributes = (
        readable(fields.get(key, b"null")) for key in ("id", "name", "providerId", "attributes")
    )
    is_hidden = name is None and fields.get("name", b"null") != b"null"
    return StrangeItem(
        kind, position, reason, _text(spec_id), _text(name), _text(provider_id), hides_its_name=is_hidden, attributes=attributes
    )


def _spec_of(kind: Kind, index: _Index, text: memoryview, position: int, etag: str | None) -> LiveSpec | StrangeItem:
    if not _text(index.id) or not is_spec_id(index.id):
        return _strange(
            kind, bytes(text), position, "its 'id' is not a valid spec id" if _text(index.id) else "it has no string 'id'"
        )
    attributes = bytes(index.attributes)
    return LiveSpec(
        kind=kind,
        id=index.id,
        name=_text(index.name) or "",
        provider_id=_text(index.provider_id) or "",
        body_json=text.toreadonly(),
        etag=_strong(_text(index.etag)) or _strong(etag),
        created_at=milliseconds(index.created_at),
        created_by=_author(index.created_by),
        created_client=_author(index.created_client),
        updated_at=milliseconds(index.updated_at),
        updated_by=_author(index.updated_by),
        updated_client=_author(index.updated_client),
        source_connection_spec_ids=_ids(index.source_connection_spec_ids) if kind is Kind.FLOW_SPEC else (),
        may_have_marker=_MARKER_KEY in attributes or _ESCAPE in attributes,
    )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _strong(etag: str | None) -> str | None:
    """An etag that `If-Match` can carry and compare: a weak one never matches (RFC 9110, 13.1.1)."""
    return etag if etag and _HEADER_SAFE.fullmatch(etag) and not etag.startswith("W/") else None


def _author(value: Json) -> str | None:
    """Whoever it was, as text: a number is a name too."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value) or None


def milliseconds(value: Json) -> int | None:
    """Milliseconds since the epoch, from the number or the digits that examples show; None for anything else.

    What is too small for milliseconds is seconds: a service may give the same time in either.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < len(str(_MAX_MILLISECONDS)):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MAX_MILLISECONDS:
        return None
    time = int(value)
    return time * 1000 if _LEAST_SECONDS <= time < _LEAST_MILLISECONDS else time


def _ids(value: Json) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _unreadable(kind: Kind, spec_id: str | None, reason: str) -> ServiceError:
    which = f"the {kind.words} {spec_id}" if spec_id else f"a {kind.words}"
    return ServiceError(
        f"Flow Service returned {which} that cannot be read: {reason}",
        hint="check that base_url points to Flow Service, not to something in front of it",
    )
