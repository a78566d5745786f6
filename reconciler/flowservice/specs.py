"""Live specs as values: what a list, or a GET of one spec, holds.

Ten thousand bodies of 8 KB stay the bytes that came over the wire; only the few fields by which planning looks specs up are read out of
each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from reconciler.documents.json_text import Document, Json, NotJson, decode
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.errors import ServiceError
from reconciler.flowservice.usage import Users

_MARKER_KEY: Final = b'"reconciler"'
_ESCAPE: Final = b"\\u"
_MAX_LEVELS: Final = 500
"""More than spec files may have, with room for what a service adds."""
_MAX_MILLISECONDS: Final = 2**53
_LEAST_SECONDS, _LEAST_MILLISECONDS = 10**8, 10**11
"""Times between the two are in seconds, from 1973 to the year 5138; as milliseconds they would all be before 1973."""
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
        """The whole body, decoded anew on each call. Raises ServiceError for bytes that are no JSON, or too deep."""
        try:
            body: Document = decode(self.body_json)
        except NotJson as error:
            raise _unreadable(self.kind, self.id, str(error)) from None
        if _is_too_deep(body, bytes(self.body_json)):
            raise _unreadable(self.kind, self.id, f"it is nested deeper than {_MAX_LEVELS} levels")
        return body

    @property
    def document(self) -> Document:
        """The body without what the server manages, decoded anew on each call; the marker is still in it."""
        return {name: value for name, value in self.body.items() if name not in SERVER_MANAGED}

    @property
    def attributes(self) -> Json:
        """The value of `attributes` alone, decoded anew on each call; None when the body has none."""
        try:
            return msgspec.json.decode(self.body_json, type=_Attributes).attributes
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise _unreadable(self.kind, self.id, str(error)) from None


@dataclass(frozen=True, slots=True)
class Listing:
    """All specs of one kind that this credential can see, each id once, in the order of the list.

    `complete` is False when the service counts another number of specs than it showed, or showed one twice: then its pages shifted, and
    another may be missing. `counted` says that nothing can be missing: the service counts as many, or there was only one page.
    """

    specs: tuple[LiveSpec, ...]
    complete: bool
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Usage:
    """How many flows and source connections of the sandbox use one connection spec; `users` are those that say who they are."""

    flows: int
    source_connections: int
    users: Users = field(default=Users(()), compare=False)

    @property
    def in_use(self) -> bool:
        return self.flows > 0 or self.source_connections > 0


class _Attributes(msgspec.Struct):
    attributes: Any = None


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


_index_decoder: Final = msgspec.json.Decoder(_Index)


def live_spec(kind: Kind, body_json: bytes | bytearray | memoryview | msgspec.Raw, etag: str | None = None) -> LiveSpec:
    """The spec that this JSON object is. `etag` is the header's, for a body that has none of its own.

    Raises ServiceError for anything that is not an object with a string `id`.
    """
    try:
        index = _index_decoder.decode(body_json)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(kind, None, str(error)) from None
    if not isinstance(index.id, str) or not index.id:
        raise _unreadable(kind, None, "it has no string 'id'")
    return LiveSpec(
        kind=kind,
        id=index.id,
        name=_text(index.name) or "",
        provider_id=_text(index.provider_id) or "",
        body_json=memoryview(body_json).toreadonly(),
        etag=_strong(_text(index.etag)) or _strong(etag),
        created_at=milliseconds(index.created_at),
        created_by=_author(index.created_by),
        created_client=_author(index.created_client),
        updated_at=milliseconds(index.updated_at),
        updated_by=_author(index.updated_by),
        updated_client=_author(index.updated_client),
        source_connection_spec_ids=_ids(index.source_connection_spec_ids) if kind is Kind.FLOW_SPEC else (),
        may_have_marker=_may_have_marker(index.attributes),
    )


def _is_too_deep(body: Document, text: bytes) -> bool:
    """Whether comparing this body would take a stack, and time, that nobody has. Its brackets, counted, answer that for nearly all."""
    if text.count(b"[") + text.count(b"{") <= _MAX_LEVELS:
        return False
    level: list[Json] = [body]
    for _ in range(_MAX_LEVELS):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
    return bool(level)


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
        return _in_milliseconds(int(value))
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MAX_MILLISECONDS:
        return None
    return _in_milliseconds(int(value))


def _in_milliseconds(time: int) -> int:
    return time * 1000 if _LEAST_SECONDS <= time < _LEAST_MILLISECONDS else time


def _ids(value: Json) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _may_have_marker(attributes: msgspec.Raw) -> bool:
    """An escape may spell the key another way, so it counts as a perhaps."""
    text = bytes(attributes)
    return _MARKER_KEY in text or _ESCAPE in text


def _unreadable(kind: Kind, spec_id: str | None, reason: str) -> ServiceError:
    which = f"the {kind.words} {spec_id}" if spec_id else f"a {kind.words}"
    return ServiceError(
        f"Flow Service answered with {which} that cannot be read: {reason}",
        hint="check that base_url leads to Flow Service and not to something before it",
    )
