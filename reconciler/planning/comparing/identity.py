"""Identity: the live object of a spec file, by pinned id, marker, adoption, or (with `ownership: none`) name and creator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import msgspec

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.documents.names import name_claim
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.ownership import Marker, Owner, marker_in
from reconciler.wording.moments import moment_of_service


class Match(msgspec.Struct, frozen=True):
    """A spec file, its live object (if any), and the marker that the object carries."""

    desired: DesiredSpec
    live: LiveSpec | None = None
    marker: Marker | None = None
    problems: tuple[Problem, ...] = ()


class LiveIndex(msgspec.Struct, frozen=True):
    """Live specs of both kinds, indexed for identification. No body is decoded: of those that may hold a marker, only `attributes`.

    A marker with the id of another object is in `copies` and not in `markers`, because it does not describe the object that carries it.
    """

    specs: tuple[LiveSpec, ...] = ()
    by_id: dict[tuple[Kind, str], LiveSpec] = msgspec.field(default_factory=dict)
    by_claim: dict[tuple[Kind, str, str], list[LiveSpec]] = msgspec.field(default_factory=lambda: defaultdict(list))
    """Empty until somebody asks for namesakes: most plans do not."""
    by_key: dict[tuple[Kind, str], list[LiveSpec]] = msgspec.field(default_factory=lambda: defaultdict(list))
    flow_specs: dict[str, list[LiveSpec]] = msgspec.field(default_factory=lambda: defaultdict(list))
    markers: dict[tuple[Kind, str], Marker] = msgspec.field(default_factory=dict)
    copies: dict[tuple[Kind, str], Marker] = msgspec.field(default_factory=dict)

    def marker(self, spec: LiveSpec) -> Marker | None:
        """The spec's own marker."""
        return self.markers.get((spec.kind, spec.id))

    def proven(self, specs: Iterable[LiveSpec]) -> list[LiveSpec]:
        """The specs whose own marker names their id, which proves that we wrote to this object. A copied marker cannot prove that."""
        return [spec for spec in specs if (marker := self.marker(spec)) is not None and marker.id is not None]

    def namesakes(self, desired: DesiredSpec) -> list[LiveSpec]:
        """Live specs with the provider and the name (compared as in `folded_name`) of this file, regardless of owner."""
        if not self.by_claim:
            for spec in self.specs:
                self.by_claim[name_claim(spec)].append(spec)
        return self.by_claim.get(name_claim(desired), [])

    def nearest_namesakes(self, desired: DesiredSpec) -> list[LiveSpec]:
        """The namesakes with exactly the same name; all namesakes if there is none."""
        found = self.namesakes(desired)
        return [spec for spec in found if spec.name == desired.name] or found


def index_live(specs: Iterable[LiveSpec], owner: Owner, retired_ids: Collection[str] = ()) -> LiveIndex:
    """Index the live specs for this owner. A spec retired by id yields to another spec with its key."""
    index = LiveIndex(tuple(specs))
    for spec in index.specs:
        identity = spec.kind, spec.id
        index.by_id[identity] = spec
        if spec.kind is Kind.FLOW_SPEC:
            index.flow_specs[spec.name].append(spec)
        marker = marker_in(spec)
        if marker is None:
            continue
        if marker.is_copied_to(spec.id):
            index.copies[identity] = marker
            continue
        index.markers[identity] = marker
        if owner.owns(marker):
            index.by_key[spec.kind, marker.key].append(spec)
    for found in index.by_key.values():
        if retired_ids:
            found[:] = [spec for spec in found if spec.id.lower() not in retired_ids] or found
    return index


def identify(desired: DesiredSpec, index: LiveIndex, owner: Owner, our_client: str | None) -> Match:
    """Find the live object of one spec file. `our_client` is set only if markers are not kept (`ownership: none`)."""
    if desired.pinned_id is not None:
        return _pinned(desired, desired.pinned_id, index, owner)
    marked = _marked(desired, index)
    if marked:
        return _one_of(desired, marked, index, marked=True)
    if desired.adopt:
        adoptable = [spec for spec in index.nearest_namesakes(desired) if _may_adopt(desired, index.marker(spec), owner)]
        return _one_of(desired, adoptable, index)
    if our_client is not None:
        ours = [
            spec
            for spec in index.nearest_namesakes(desired)
            if spec.created_client == our_client and not owner.is_foreign(index.marker(spec))
        ]
        return _one_of(desired, ours, index)
    return Match(desired)


def describe(spec: LiveSpec) -> str:
    """A live spec for a message: its id, and when it was created and last changed."""
    created, updated = moment_of_service(spec.created_at), moment_of_service(spec.updated_at)
    return f"{spec.id} (created at {created}, updated at {updated} by {spec.updated_by or 'unknown'})"


def refusal(desired: DesiredSpec, code: str, what: str, hint: str) -> Problem:
    """The error that this file's spec is refused; `what` completes the sentence."""
    message = f"{desired.kind.words} {desired.key!r} {what}"
    return Problem(Severity.ERROR, code, message, desired.file, hint=hint, key=desired.key, guard=True)


def _pinned(desired: DesiredSpec, pinned_id: str, index: LiveIndex, owner: Owner) -> Match:
    live = index.by_id.get((desired.kind, pinned_id))
    if live is None:
        what = f"is pinned to {pinned_id}, but Flow Service does not show that id here"
        hint = (
            "check the id, the sandbox, and the permissions and access labels of the credential; no new spec is created instead"
        )
        return Match(desired, problems=(refusal(desired, "pinned-id-not-found", what, hint),))
    marker = index.marker(live)
    if owner.is_foreign(marker) and not _may_adopt(desired, marker, owner):
        return Match(desired, live, marker, (_foreign(desired, live, marker),))
    return Match(desired, live, marker)


def _marked(desired: DesiredSpec, index: LiveIndex) -> list[LiveSpec]:
    found = [spec for key in (desired.key, *desired.former_keys) for spec in index.by_key.get((desired.kind, key), ())]
    if len(found) < 2:  # noqa: PLR2004 - nothing to choose between
        return found
    active = [spec for spec in found if not index.markers[spec.kind, spec.id].retired]
    proven = index.proven(active)
    return proven if len(proven) == 1 else active or found


def _may_adopt(desired: DesiredSpec, marker: Marker | None, owner: Owner) -> bool:
    if isinstance(desired.adopt, str):
        return marker is not None and marker.repository == desired.adopt
    return desired.adopt and (marker is None or not marker.repository or not (owner.is_foreign(marker) or owner.owns(marker)))


def _one_of(desired: DesiredSpec, candidates: list[LiveSpec], index: LiveIndex, *, marked: bool = False) -> Match:
    if not candidates:
        return Match(desired)
    if len(candidates) == 1:
        return Match(desired, candidates[0], index.marker(candidates[0]))
    listed = "; ".join(describe(spec) for spec in sorted(candidates, key=lambda spec: (spec.created_at or 0, spec.id)))
    hint = "pin the right one in this file: `ids: {<target>: <id>}`"
    if marked:
        hint += "; or retire the wrong one in reconciler.yaml: `retired: [{id: <id>, reason: …}]`"
    what = f"could be any of {len(candidates)} live specs: {listed}"
    return Match(desired, problems=(refusal(desired, "two-candidates", what, hint),))


def _foreign(desired: DesiredSpec, live: LiveSpec, marker: Marker | None) -> Problem:
    other = marker.repository if marker and marker.repository else "an unreadable marker"
    way_out = f"adopt: {other}" if marker and marker.repository else "adopt: true"
    hint = f"agree with its owner, then adopt it with `{way_out}` in this file"
    return refusal(desired, "foreign-marker", f"is pinned to {live.id}, which belongs to {other}", hint)
