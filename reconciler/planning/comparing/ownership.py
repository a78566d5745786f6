"""The marker: the ownership record that the reconciler keeps in the live object, at `attributes.reconciler`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import parse_pointer
from reconciler.flowservice.specs import LiveSpec
from reconciler.texts.raw_json import compact_members
from reconciler.wording.moments import moment

MARKER_FIELD = "reconciler"

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Settled(msgspec.Struct, frozen=True):
    """Short digests of the value sent and the value that the service kept; None for no value."""

    sent: str | None
    kept: str | None


class Marker(msgspec.Struct, frozen=True):
    """The owner of a live spec, the commit and time of the last write, and digests of what was sent.

    `id` is the id of the object that carries the marker; None between the create, when it is not known, and the next write. `at` is the
    time of our write (ISO 8601, UTC, in seconds); `dirty` is set if the specs were not committed then. `digests` has a short digest for
    each section that the file wrote; `settled` maps a place (a JSON Pointer with names as segments of named lists) to its digests. An
    unreadable marker has no repository and no known owner.
    """

    repository: str
    sandbox: str
    key: str
    commit: str | None = None
    digests: Mapping[str, str] = msgspec.field(default_factory=dict)
    settled: Mapping[str, Settled] = msgspec.field(default_factory=dict)
    retired: bool = False
    id: str | None = None
    at: str | None = None
    dirty: bool = False
    skipped: tuple[str, ...] = ()
    """The gates that were passed over for this write."""

    def to_json(self) -> Document:
        """The marker in its JSON form in the live object."""
        marker: Document = {"repository": self.repository, "sandbox": self.sandbox, "key": self.key}
        skipped: Json = [*self.skipped]
        optional: Document = {"id": self.id, "commit": self.commit, "at": self.at, "dirty": self.dirty or None}
        optional["skipped"] = skipped or None
        marker |= {name: value for name, value in optional.items() if value is not None}
        marker["digests"] = dict(sorted(self.digests.items()))
        marker["settled"] = {place: {"sent": item.sent, "kept": item.kept} for place, item in sorted(self.settled.items())}
        return marker | {"retired": True} if self.retired else marker

    def is_copied_to(self, spec_id: str) -> bool:
        """Whether the object with this id carries the marker of another one, because its body was copied from it."""
        return self.id is not None and self.id.lower() != spec_id.lower()

    def stamped(self, spec_id: str | None, seconds: float) -> Marker:
        """The marker as written into the object with this id (None for a create), with the time in seconds since the epoch."""
        return replace(self, id=spec_id, at=moment(seconds))


def same_record(one: Marker | None, other: Marker | None) -> bool:
    """Whether two markers are equal, apart from their time and an id that only one of them has."""
    if one is None or other is None:
        return one is other
    named = one.id is not None and other.id is not None
    return replace(one, at=None, id=one.id if named else None) == replace(other, at=None, id=other.id if named else None)


class Owner(msgspec.Struct, frozen=True):
    """The owner whose markers count as ours: this repository, under its current or a former name, in this sandbox."""

    repository: str
    sandbox: str
    formerly: tuple[str, ...] = ()

    def owns(self, marker: Marker | None) -> bool:
        """Whether this marker is ours, in this sandbox. A marker copied from another sandbox is not."""
        return marker is not None and marker.sandbox == self.sandbox and not self.is_foreign(marker)

    def has_marked(self, spec: LiveSpec, key: str | None) -> bool:
        """Whether this live spec carries our marker for this key, and not a copy of another object's."""
        marker = own_marker(spec)
        return marker is not None and self.owns(marker) and marker.key == key

    def is_foreign(self, marker: Marker | None) -> bool:
        """Whether this marker names another owner."""
        return marker is not None and marker.repository != self.repository and marker.repository not in self.formerly


def marker_of(body: Document) -> Marker | None:
    """The marker in a live body; None if there is none."""
    attributes = body.get("attributes")
    if not isinstance(attributes, dict) or MARKER_FIELD not in attributes:
        return None
    return _parse(attributes[MARKER_FIELD])


def marker_in(spec: LiveSpec) -> Marker | None:
    """The marker in a live spec, its own or a copy; None if there is none. Only `attributes` are decoded."""
    if not spec.may_have_marker:
        return None
    return _as_we_write_it(spec) or marker_of({"attributes": spec.attributes})


def own_marker(spec: LiveSpec) -> Marker | None:
    """The marker in a live spec; None if there is none, or if it is a copy of another object's."""
    marker = marker_in(spec)
    return None if marker is None or marker.is_copied_to(spec.id) else marker


def without_marker(body: Document) -> Document:
    """The body without the marker. `attributes` is removed if it holds nothing else."""
    attributes = body.get("attributes")
    if not isinstance(attributes, dict) or MARKER_FIELD not in attributes:
        return body
    rest = {name: value for name, value in attributes.items() if name != MARKER_FIELD}
    others = {name: value for name, value in body.items() if name != "attributes"}
    return body | {"attributes": rest} if rest else others


def with_marker(body: Document, marker: Marker) -> Document:
    """The body with this marker in place of any other."""
    attributes = body.get("attributes")
    kept = attributes if isinstance(attributes, dict) else {}
    return body | {"attributes": {**kept, MARKER_FIELD: marker.to_json()}}


class _Written(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """A marker in the form of `Marker.to_json`."""

    repository: str
    sandbox: str
    key: str
    id: str | None = None
    commit: str | None = None
    at: str | None = None
    dirty: bool = False
    skipped: tuple[str, ...] = ()
    digests: dict[str, str]
    settled: dict[str, _Difference]
    retired: bool = False


class _Difference(msgspec.Struct, gc=False):
    sent: str | None
    kept: str | None


_written_decoder: Final = msgspec.json.Decoder(_Written)
_encoder: Final = msgspec.json.Encoder()


def _as_we_write_it(spec: LiveSpec) -> Marker | None:
    """The marker, if its text is exactly what we write: most are, and need no tree. None means only perhaps not."""
    attributes = None if spec.texts is None else compact_members(memoryview(spec.texts.attributes))
    text = attributes.get(MARKER_FIELD) if attributes else None
    if text is None:
        return None
    try:
        found = _written_decoder.decode(text)
    except msgspec.MsgspecError:
        return None
    if _encoder.encode(found) != bytes(text) or not all(map(_is_place, found.settled)):
        return None
    if found.at is not None and not _MOMENT.fullmatch(found.at):
        return None
    settled = {place: Settled(one.sent, one.kept) for place, one in found.settled.items()}
    return Marker(
        found.repository,
        found.sandbox,
        found.key,
        found.commit,
        found.digests,
        settled,
        retired=found.retired,
        id=found.id,
        at=found.at,
        dirty=found.dirty,
        skipped=found.skipped,
    )


def _parse(value: Json) -> Marker:
    unreadable = Marker(repository="", sandbox="", key="")
    if not isinstance(value, dict) or not all(isinstance(value.get(name), str) for name in ("repository", "sandbox", "key")):
        return unreadable
    at = _text(value.get("at"))
    return Marker(
        repository=value["repository"],
        sandbox=value["sandbox"],
        key=value["key"],
        commit=_text(value.get("commit")),
        digests={name: item for name, item in _mapping(value.get("digests")).items() if isinstance(item, str)},
        settled={
            place: Settled(_text(item.get("sent")), _text(item.get("kept")))
            for place, item in _mapping(value.get("settled")).items()
            if isinstance(item, dict) and _is_place(place)
        },
        retired=value.get("retired") is True,
        id=_text(value.get("id")),
        at=at if at is not None and _MOMENT.fullmatch(at) else None,
        dirty=value.get("dirty") is True,
        skipped=tuple(name for name in _list(value.get("skipped")) if isinstance(name, str)),
    )


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _is_place(pointer: str) -> bool:
    try:
        return bool(parse_pointer(pointer))
    except ValueError:
        return False


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
