"""Causes of ids in a flow spec's list of sources, from the files of connection specs and the times of writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Final

from reconciler.documents.comparison import Cause, Change
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Place
from reconciler.documents.semantics import SOURCES
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.actions.attachments import Attachment
from reconciler.planning.comparing.causes import is_younger
from reconciler.planning.comparing.id_lists import id_place, owns_sources, resolve_references
from reconciler.planning.comparing.identity import Match
from reconciler.planning.context import Context
from reconciler.wording.moments import seconds_at

_SECOND: Final = 1000


def attach_change(context: Context, attachment: Attachment, flow: LiveSpec) -> Change:
    """The change that adds a connection spec's id to a flow spec, with its cause."""
    place = id_place(SOURCES, attachment.reference)
    return Change("add", f"/{SOURCES}/-", MISSING, attachment.reference, place, cause_of_attachment(context, attachment, flow))


def added_by_files(context: Context, match: Match, attachments: tuple[Attachment, ...]) -> Mapping[Place, Attachment]:
    """By place, the attachments in the list that a flow spec file owns, without those that this file names itself."""
    if not owns_sources(match.desired):
        return {}
    written = resolve_references(match.desired.body, context.ids)[SOURCES]
    named = {id_place(SOURCES, item) for item in written} if isinstance(written, list) else set()
    places = {id_place(SOURCES, item.reference): item for item in attachments}
    return {place: item for place, item in places.items() if place not in named}


def cause_of_attachment(context: Context, attachment: Attachment, flow: LiveSpec) -> Cause | None:
    """Why a flow spec does not hold a source that belongs in it; None for a source that is not created yet.

    Pending if the source was not attached when last applied, returns from retirement, was created after the flow spec's last change, or if
    its file named the flow spec only after that change. Drift if the flow spec was changed after the source was last applied with this
    attachment. Otherwise unknown: the apply may have been killed after it wrote the source, and before it attached it.
    """
    source, marker = attachment.match.live, attachment.match.marker
    if source is None:
        return None
    if marker is not None and marker.retired:
        return Cause.PENDING
    created, changed = source.created_at, flow.updated_at
    if created is not None and changed is not None and created > changed:
        return Cause.PENDING
    names = _names(context, flow)
    base = context.base(attachment.match)
    if base is not None and not names & set(base.flow_specs):
        return Cause.PENDING
    if base is not None and _changed_since_applied(context, attachment, flow):
        return Cause.DRIFT
    versions = context.versions(attachment.match.desired)
    naming = list(takewhile(lambda version: names & set(version.spec.flow_specs), versions))
    if not versions or changed is None:
        return Cause.UNKNOWN
    young = not naming or is_younger(naming[-1].time, changed)
    return Cause.PENDING if young else Cause.UNKNOWN


def with_detachment(context: Context, change: Change, flow: LiveSpec) -> Change:
    """The change; if it removes a source of this repository, its files can show that nobody else attached it."""
    if change.op != "remove" or change.place[0] != SOURCES or change.cause is Cause.PENDING or not isinstance(change.old, str):
        return change
    cause = _cause_of_detachment(context, change.old, flow)
    return change if cause is None else replace(change, cause=cause)


def _cause_of_detachment(context: Context, spec_id: str, flow: LiveSpec) -> Cause | None:
    """Why a flow spec holds a source that its owned list does not have; None for one that no file here ever attached to it.

    Pending if the file of the source named the flow spec when it was last applied. Unknown if it may have done so before: the apply that
    wrote the source may have been killed before it detached it.
    """
    spec = context.index.by_id.get((Kind.CONNECTION_SPEC, spec_id))
    if spec is None:
        return None
    file, marker, situation = context.file_of(spec), context.index.marker(spec), context.situation
    if marker is not None and not situation.owner.owns(marker):
        marker = None
    if file is None and marker is None:
        return None
    keys = (file.key, *file.former_keys) if file else (marker.key,) if marker else ()
    identity = (Kind.CONNECTION_SPEC, keys, situation.target.name)
    names = _names(context, flow)
    applied = situation.history.base(marker.commit, *identity) if marker and marker.commit else None
    if applied is not None and names & set(applied.flow_specs):
        return Cause.PENDING
    versions = situation.history.versions(*identity)
    is_known = bool(versions) and not situation.history.is_shallow
    return None if is_known and not any(names & set(version.spec.flow_specs) for version in versions) else Cause.UNKNOWN


def _changed_since_applied(context: Context, attachment: Attachment, flow: LiveSpec) -> bool:
    """Whether the flow spec was changed after the apply that last wrote the source, so that this apply had attached it."""
    source = attachment.match.live
    if source is None or flow.updated_at is None or context.situation.was_interrupted(attachment.key, source.id):
        return False
    applied = _last_applied(context, attachment.match, source)
    return applied is not None and flow.updated_at // _SECOND > applied // _SECOND


def _last_applied(context: Context, match: Match, source: LiveSpec) -> int | None:
    """The latest time (milliseconds) at which this repository may have written the source; None if it is not known.

    The marker's time is of the clock of that run, which may have been slow, so `updatedAt` counts, too, unless somebody else wrote last.
    """
    marker = context.own_marker(match)
    at = seconds_at(marker.at) if marker and marker.at else None
    if at is None:
        return source.updated_at
    if source.updated_at is None or context.clients.others_wrote_last(source):
        return int(at) * _SECOND
    return max(int(at) * _SECOND, source.updated_at)


def _names(context: Context, flow: LiveSpec) -> set[str]:
    """What files can name this flow spec by."""
    return {flow.id, flow.name, *context.flow_keys.get(flow.id, ())}
