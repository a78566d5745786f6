"""Ownership in one spec: what is due for its own sake, and the marker that a write leaves."""

from __future__ import annotations

from reconciler.documents.comparison import Cause, Change
from reconciler.documents.places import MISSING, Place
from reconciler.documents.pointer import format_pointer
from reconciler.planning.comparing.difference import section_digests
from reconciler.planning.comparing.identity import Match
from reconciler.planning.comparing.ownership import MARKER_FIELD, Marker
from reconciler.planning.context import Context
from reconciler.planning.plan import ActionName

_MARKER_PLACE = ("attributes", MARKER_FIELD)


def take_over(context: Context, match: Match) -> tuple[ActionName | None, tuple[Change, ...]]:
    """The changes of ownership that are due for their own sake: an adoption, a new key, a return from retirement."""
    situation, marker, desired = context.situation, match.marker, match.desired
    if not situation.keeps_markers:
        return None, ()
    mine = {"repository": situation.owner.repository, "sandbox": situation.owner.sandbox, "key": desired.key}
    if marker is None:
        return (ActionName.ADOPT, (_ownership("add", (), MISSING, mine),)) if desired.adopt else (None, ())
    changes = [
        _ownership("replace", (name,), getattr(marker, name), value)
        for name, value in mine.items()
        if getattr(marker, name) != value
    ]
    if not situation.owner.owns(marker):
        return (ActionName.ADOPT, tuple(changes)) if desired.adopt else (None, ())
    if marker.retired:
        changes.append(_ownership("remove", ("retired",), old=True, new=MISSING))
    return (ActionName.RENAME if changes else None), tuple(changes)


def _ownership(op: str, beyond: tuple[str, ...], old: object, new: object) -> Change:
    place = (*_MARKER_PLACE, *beyond)
    return Change(op, format_pointer(place), old, new, place, Cause.OWNERSHIP)  # type: ignore[arg-type]


def new_marker(context: Context, match: Match, not_kept: tuple[Place, ...] = ()) -> Marker | None:
    """The marker that a write of this file leaves; `not_kept` are the settled places that still are as they were settled."""
    situation = context.situation
    if not situation.keeps_markers:
        return None
    known = match.marker.settled if situation.owner.owns(match.marker) and match.marker else {}
    kept = {format_pointer(place) for place in not_kept}
    is_dirty = match.desired.path in situation.uncommitted.changed or situation.uncommitted.why_not is not None
    return Marker(
        repository=situation.owner.repository,
        sandbox=situation.owner.sandbox,
        key=match.desired.key,
        commit=None if is_dirty else situation.commit,
        dirty=is_dirty,
        digests=section_digests(match.desired),
        settled={pointer: item for pointer, item in known.items() if pointer in kept},
    )
