"""Live specs as values, from a list or from a GET of one spec.

Bodies stay in the bytes of the response, to keep memory small with ten thousand bodies of 8 KB. Only the fields that planning looks specs
up by are parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from msgspec import structs

from reconciler.documents.json_text import Document, Json, NotJson
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.documents.verbatim import Verbatim
from reconciler.errors import ServiceError
from reconciler.flowservice.hints import CHECK_BASE_URL
from reconciler.flowservice.paths import is_spec_id
from reconciler.flowservice.usage import Users
from reconciler.sdk.section_texts import ATTRIBUTE_OF, SectionTexts
from reconciler.texts.exact_json import decode_exact, readable
from reconciler.texts.raw_json import compact_members, members

_MARKER_KEY: Final = b'"reconciler"'
_ESCAPE: Final = b"\\u"
"""The body may spell the key with escapes, so a match only means perhaps."""
_MAX_MILLISECONDS: Final = 2**53
_LEAST_SECONDS, _LEAST_MILLISECONDS = 10**8, 10**11
"""Times between the two are in seconds, from 1973 to the year 5138; as milliseconds they would all be before 1973."""
_NOT_OBJECTS: Final = {str: "a string", bool: "true or false", int: "a number", float: "a number", list: "a list"}
_HEADER_SAFE: Final = re.compile(r"[\x21-\x7e]+")


class LiveSpec(msgspec.Struct, frozen=True, eq=False):
    """One connection spec or flow spec, as the service returned it.

    `read_body` returns the whole body, a read-only view of the response (a list is kept in memory once, not once more per spec). `name` and
    `provider_id` are empty if the body has none. Times are milliseconds since the epoch. `updated_by` may be any string: a published
    response has a time there. `source_connection_spec_ids` is empty for connection specs. `may_have_marker` is False only if `attributes`
    certainly has no `reconciler`. `etag` keeps its own double quotes.
    """

    kind: Kind
    id: str
    name: str
    provider_id: str
    read_body: Callable[[], memoryview]
    etag: str | None = None
    created_at: int | None = None
    created_by: str | None = None
    created_client: str | None = None
    updated_at: int | None = None
    updated_by: str | None = None
    updated_client: str | None = None
    source_connection_spec_ids: tuple[str, ...] = ()
    may_have_marker: bool = False
    texts: SectionTexts | None = None
    """The sections of `body_json`; None if its texts are not in memory one by one."""

    def __eq__(self, other: object) -> bool:
        """Whether the service said the same of both, however the bodies are kept."""
        return isinstance(other, LiveSpec) and (
            self is other or (self.etag, self.body_json, *self._origin) == (other.etag, other.body_json, *other._origin)
        )

    def __hash__(self) -> int:
        return hash(self._origin)

    def __repr__(self) -> str:
        return f"LiveSpec({self.kind}, {self.id!r}, {self.name!r})"

    @property
    def _origin(self) -> tuple[Kind, str]:
        return self.kind, self.id

    @property
    def body_json(self) -> memoryview:
        """The whole body as its text."""
        return self.read_body()

    def with_own_bytes(self) -> LiveSpec:
        """The same spec without the response that it was in."""
        own = memoryview(bytes(self.body_json))
        return structs.replace(self, read_body=lambda: own, texts=None)

    @property
    def body(self) -> Document:
        """The whole body, decoded on each call; encoded again, it equals what the service returned (see `exact_json`).

        For a repeated key the last value counts; `repeated_keys` lists such keys. Raises ServiceError for bytes that are not JSON.
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
        """The top-level keys that occur more than once. No PUT can send such a body back unchanged."""
        if compact_members(self.body_json) is not None or not isinstance(decode_exact(self.body_json), Verbatim):
            return ()
        names = [name for name, _ in members(bytes(self.body_json))]
        return tuple(sorted({name for name in names if names.count(name) > 1}))

    @property
    def document(self) -> Document:
        """The body without server-managed fields, decoded on each call. The ownership marker is included."""
        return {name: value for name, value in self.body.items() if name not in SERVER_MANAGED}

    @property
    def attributes(self) -> Json:
        """The value of `attributes` alone, decoded on each call without the rest of the body; None if the body has none."""
        if self.texts is not None:
            text = bytes(self.texts.attributes)
            return readable(text) if text else None
        try:
            text = bytes(_attributes_decoder.decode(self.body_json).attributes)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            text = dict(members(bytes(self.body_json))).get("attributes", b"")
        return readable(text) if text else None


@dataclass(frozen=True, slots=True)
class StrangeItem:
    """A list entry that cannot be parsed as a spec. It is reported and otherwise left alone.

    `position` counts the list's entries from 1, over all pages. `id`, `name` and `provider_id` are as far as readable; `name` is None if it
    is missing, and `hides_its_name` is True if there is a name that cannot be read. `attributes` may contain a marker.
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
    """All specs of one kind that this credential can see, each id once, in list order.

    `complete` is False if the service counts more specs than it listed; if a spec is listed on two pages, because then pages shifted and
    another spec may be missing; and if none of the entries can be parsed. `counted` means that nothing can be missing: the service's count
    matches, or there was only one page. `strange` are entries that cannot be parsed as specs.
    """

    specs: tuple[LiveSpec, ...]
    complete: bool
    counted: bool = True
    served_at: float | None = None
    """When its first page was answered, by the service's clock, in seconds since the epoch; None if the answer does not say."""
    strange: tuple[StrangeItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """How many flows and source connections of the sandbox use one connection spec; `users` has their details, as far as known."""

    flows: int
    source_connections: int
    users: Users = field(default=Users(()), compare=False)


class SpecFields(SectionTexts, rename="camel", gc=False):
    """The sections, and the fields by which specs are looked up: typed Any so that an unexpected type does not hide the spec."""

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


_FIELDS: Final = {
    name: encoded
    for name, encoded in zip(SpecFields.__struct_fields__, SpecFields.__struct_encode_fields__, strict=True)
    if encoded not in ATTRIBUTE_OF
}
_index_decoder: Final = msgspec.json.Decoder(SpecFields)


class _Attributes(msgspec.Struct):
    attributes: msgspec.Raw = msgspec.Raw()


_attributes_decoder: Final = msgspec.json.Decoder(_Attributes)


def live_spec(kind: Kind, body_json: bytes | bytearray | memoryview | msgspec.Raw, etag: str | None = None) -> LiveSpec:
    """The spec in this JSON object. `etag` is from the header, for a body without one of its own.

    Raises ServiceError for anything but an object with an `id` that is valid in a path.
    """
    spec = spec_or_strange(kind, body_json, 1, etag)
    if isinstance(spec, StrangeItem):
        raise _unreadable(kind, spec.id, spec.reason)
    return spec


def spec_or_strange(
    kind: Kind, body_json: bytes | bytearray | memoryview | msgspec.Raw, position: int, etag: str | None = None
) -> LiveSpec | StrangeItem:
    """The spec in a list entry, or a strange item; `position` is the position of the entry, from 1."""
    text = memoryview(body_json)
    try:
        str(text, "utf-8")
        index = _index_decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _looked_into(kind, bytes(text), position, etag)
    return _spec_of(kind, index, _reading(text), position, etag, index)


def spec_with_fields(
    kind: Kind, fields: SpecFields, read_body: Callable[[], memoryview], position: int
) -> LiveSpec | StrangeItem:
    """The same for an entry whose fields were decoded with the list. Its text must be valid UTF-8."""
    return _spec_of(kind, fields, read_body, position, None, fields)


def _reading(text: memoryview) -> Callable[[], memoryview]:
    read_only = text.toreadonly()
    return lambda: read_only


def _looked_into(kind: Kind, text: bytes, position: int, etag: str | None) -> LiveSpec | StrangeItem:
    """Like `spec_or_strange`, key by key, for an entry that the fast decoder rejects."""
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
    index = SpecFields(**{name: readable(fields[key]) for name, key in _FIELDS.items() if key in fields})
    index.attributes = msgspec.Raw(fields.get("attributes", b""))
    return _spec_of(kind, index, _reading(memoryview(text)), position, etag)


def _strange(kind: Kind, text: bytes, position: int, reason: str) -> StrangeItem:
    fields = dict(members(text))
    spec_id, name, provider_id, attributes = (
        readable(fields.get(key, b"null")) for key in ("id", "name", "providerId", "attributes")
    )
    is_hidden = name is None and fields.get("name", b"null") != b"null"
    return StrangeItem(
        kind, position, reason, _text(spec_id), _text(name), _text(provider_id), hides_its_name=is_hidden, attributes=attributes
    )


def _spec_of(
    kind: Kind,
    index: SpecFields,
    read_body: Callable[[], memoryview],
    position: int,
    etag: str | None,
    texts: SectionTexts | None = None,
) -> LiveSpec | StrangeItem:
    if not isinstance(index.id, str) or not is_spec_id(index.id):
        return _strange(
            kind, bytes(read_body()), position, "its 'id' is not a valid spec id" if _text(index.id) else "it has no string 'id'"
        )
    attributes = bytes(index.attributes)
    return LiveSpec(
        kind=kind,
        id=index.id,
        name=_text(index.name) or "",
        provider_id=_text(index.provider_id) or "",
        read_body=read_body,
        etag=_strong(_text(index.etag)) or _strong(etag),
        created_at=milliseconds(index.created_at),
        created_by=_author(index.created_by),
        created_client=_author(index.created_client),
        updated_at=milliseconds(index.updated_at),
        updated_by=_author(index.updated_by),
        updated_client=_author(index.updated_client),
        source_connection_spec_ids=_ids(index.source_connection_spec_ids) if kind is Kind.FLOW_SPEC else (),
        may_have_marker=_MARKER_KEY in attributes or _ESCAPE in attributes,
        texts=texts,
    )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _strong(etag: str | None) -> str | None:
    """An etag that `If-Match` can compare. Weak etags never match (RFC 9110, 13.1.1), so they are dropped."""
    return etag if etag and _HEADER_SAFE.fullmatch(etag) and not etag.startswith("W/") else None


def _author(value: Json) -> str | None:
    """The author as a string; a number is accepted too."""
    if value is None or isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def milliseconds(value: Json) -> int | None:
    """Milliseconds since the epoch, from a number or a string of digits, as in published examples; None for anything else.

    A value too small for milliseconds is read as seconds, because the service may return the same time in either unit.
    """
    if type(value) is int and _LEAST_MILLISECONDS <= value < _MAX_MILLISECONDS:
        return value  # most are, and there are many
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
        hint=CHECK_BASE_URL,
    )
