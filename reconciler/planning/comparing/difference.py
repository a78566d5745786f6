"""Differences between desired and live for one spec: owned sections, changes, and values that Flow Service is known not to keep.

A file owns the sections that it writes, each as a whole. `ignore` leaves places as they are live. `settled` places differ, and the
difference is recorded in the marker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.canonical import digest, short_digest, short_digest_of_json
from reconciler.documents.comparison import Change, compare_section
from reconciler.documents.covering import may_be_kept_as
from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing, Place, place_of, value_at, with_value
from reconciler.documents.pointer import parse_pointer
from reconciler.documents.semantics import ID_LISTS, SERVER_MANAGED, field_of, sections
from reconciler.planning.comparing.id_lists import id_changes
from reconciler.planning.comparing.ownership import Settled, without_marker
from reconciler.texts.raw_json import compact_members


class Difference(msgspec.Struct, frozen=True):
    """The difference between live and desired. `not_kept` are the places that differ as recorded in `settled`."""

    changes: tuple[Change, ...]
    not_kept: tuple[Place, ...] = ()


def comparable_live(body: Document) -> Document:
    """A live body without server-managed fields and the marker."""
    own = without_marker(body)
    return {name: value for name, value in own.items() if name not in SERVER_MANAGED}


def compare(live: Document, desired: Document, ignore: tuple[str, ...], settled: Mapping[str, Settled]) -> Difference:
    """The changes that turn the owned sections of live into those of desired.

    `live` is from `comparable_live`. `desired` may hold top-level nulls (the section is to be removed) and unresolved references.
    """
    wanted = leave_ignored(live, desired, ignore)
    not_kept = []
    for pointer, known in settled.items():
        place = parse_pointer(pointer)
        if not place or not _is_settled(live, desired, place, known):
            continue
        not_kept.append(place)
        wanted = with_value(wanted, place, value_at(live, place))
    changes = [change for section, field in sections(wanted) for change in _compare_section(live, wanted[field], section)]
    return Difference(tuple(changes), tuple(not_kept))


def leave_ignored(live: Document, desired: Document, ignore: tuple[str, ...]) -> Document:
    """Desired, with the live value (or nothing) at each `ignore` place in a section that the file writes."""
    wanted = desired
    for pointer in ignore:
        place = place_of(desired, pointer)
        if place and field_of(desired, place[0]) is not None:
            wanted = with_value(wanted, place, value_at(live, place))
    return wanted


def section_digests(desired: DesiredSpec) -> dict[str, str]:
    """The short digest of each section that the file writes, without ignored places, as stored in a marker."""
    texts = None if desired.ignore else compact_members(desired.body_json)
    if texts is not None:
        return {section: short_digest_of_json(texts[field], (section,)) for section, field in sections(texts)}
    body = desired.body
    for pointer in desired.ignore:
        place = place_of(body, pointer)
        if place and field_of(body, place[0]) is not None:
            body = with_value(body, place, MISSING)
    return {section: short_digest(body[field], (section,)) for section, field in sections(body)}


class SectionDigests(Mapping[str, str]):
    """The `section_digests` of a file, computed when they are first read: a plan writes a marker for each spec, and shows none."""

    __slots__ = ("_desired", "_found")

    def __init__(self, desired: DesiredSpec) -> None:
        self._desired = desired
        self._found: dict[str, str] | None = None

    def __getitem__(self, section: str) -> str:
        return self._digests()[section]

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests())

    def __len__(self) -> int:
        return len(self._digests())

    def __repr__(self) -> str:
        return repr(self._digests())

    def _digests(self) -> dict[str, str]:
        if self._found is None:
            self._found = section_digests(self._desired)
        return self._found


def owned_as_live(live: Document, desired: DesiredSpec) -> str:
    """The digest of the owned sections of live, without ignored places, which an update relies on."""
    body = without_ignored(live, desired)
    owned = {section: body.get(field_of(body, section) or "", MISSING) for section, _ in sections(desired.body)}
    return digest({section: short_digest(value, (section,)) for section, value in owned.items() if not _is_empty(value)})


def without_ignored(body: Document, desired: DesiredSpec) -> Document:
    """A live body without the places that the file ignores."""
    if not desired.ignore:
        return body
    written = desired.body
    for pointer in desired.ignore:
        if place := place_of(written, pointer):
            body = with_value(body, place, MISSING)
    return body


def digest_at(body: Document, place: Place) -> str | None:
    """The short digest of the value at a place; None if there is none."""
    value = value_at(body, place)
    return None if value is MISSING else short_digest(value, place)


def losses(sent: Document, kept: Document, ignore: tuple[str, ...], settled: Mapping[str, Settled]) -> dict[Place, Settled]:
    """Both short digests for each place where the service kept a value other than the one sent, unless already recorded.

    Bodies are from `comparable_live`. Only sections that were sent count.
    """
    found = compare(kept, sent, ignore, settled).changes
    return {change.place: Settled(digest_at(sent, change.place), digest_at(kept, change.place)) for change in found}


def _is_settled(live: Document, desired: Document, place: Place, known: Settled) -> bool:
    """Whether this difference is recorded, and of a kind that the service makes. Any other record could hide a change by someone else."""
    recorded = digest_at(desired, place) == known.sent and digest_at(live, place) == known.kept
    return recorded and may_be_kept_as(value_at(desired, place), value_at(live, place))


def _compare_section(live: Document, wanted: Json, section: str) -> tuple[Change, ...]:
    field = field_of(live, section) or section
    current = live.get(field, MISSING)
    if section in ID_LISTS:
        return id_changes(section, current, wanted)
    if _is_empty(wanted) and _is_empty(current):
        return ()
    old = {} if current is MISSING else {field: current}
    return compare_section(old, {} if wanted is None else {field: wanted}, field)


def _is_empty(value: Json | Missing) -> bool:
    """Whether a section with this value counts as absent (the service drops `authSpec: []` and empty `attributes`)."""
    return value is MISSING or value is None or value in ([], {})
