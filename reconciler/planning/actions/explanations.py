"""Collect the evidence for the cause of each change: the last applied file, with its references resolved to current ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.comparison import Cause, Change
from reconciler.documents.json_text import Document
from reconciler.documents.places import MISSING
from reconciler.documents.semantics import SOURCES
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.actions.attachments import Attachment, owned_list
from reconciler.planning.comparing.causes import Dated, Evidence, are_pending, is_younger
from reconciler.planning.comparing.difference import section_digests, without_ignored
from reconciler.planning.comparing.id_lists import id_place, refer_again, resolve_references
from reconciler.planning.comparing.identity import Match
from reconciler.planning.context import Context


def explain(
    context: Context,
    match: Match,
    wanted: Document,
    current: Document,
    attachments: tuple[Attachment, ...],
    changes: tuple[Change, ...],
) -> tuple[Change, ...]:
    """Return the changes of one live spec, each with its cause.

    `wanted` and `current` are desired and live, as they were compared. Base includes the attachments of that time; the marker's digests
    cover the id lists as the file writes them.
    """
    live = match.live
    if live is None or not changes:
        return changes
    marker = context.own_marker(match)
    is_told = marker is not None and not match.desired.ignore and are_pending(changes, current, marker)
    base = None if is_told else context.base(match)
    then = [item for item in attachments if attach_cause(context, item, live) is not Cause.PENDING]
    as_written = refer_again(current, match.desired, context.ids, [item.reference for item in attachments])

    def as_compared(file: DesiredSpec) -> Document:
        return owned_list(match.desired, resolve_references(file.body, context.ids), then)

    evidence = Evidence(
        desired=wanted,
        live=current,
        base=as_compared(base) if base else None,
        as_written=without_ignored(as_written, match.desired),
        digests=section_digests(match.desired) if marker and not is_told else {},
        marker=marker,
        ours_last=context.clients.wrote_last(live),
    )
    explained = tuple(replace(change, cause=Cause.PENDING) for change in changes) if is_told else evidence.explain(changes)
    return _by_history(context, match, evidence, explained, as_compared)


def _by_history(
    context: Context,
    match: Match,
    evidence: Evidence,
    explained: tuple[Change, ...],
    as_compared: Callable[[DesiredSpec], Document],
) -> tuple[Change, ...]:
    """Refine the causes with the file's history, which can turn pending into unknown and unknown into a known cause."""
    live = match.live
    if live is None:
        return explained
    if any(change.cause is Cause.PENDING for change in explained):
        said = _said_before(context, match, live)
        return evidence.doubt(explained, as_compared(said)) if said else explained
    if evidence.marker is None and live.updated_at is not None:
        versions = [Dated(as_compared(version.spec), version.time) for version in context.versions(match.desired)]
        return evidence.by_versions(explained, versions, live.updated_at)
    return explained


def _said_before(context: Context, match: Match, live: LiveSpec) -> DesiredSpec | None:
    """The file on this branch at the last write by another client; None if we wrote last or history is not known."""
    if live.updated_at is None or not context.clients.others_wrote_last(live):
        return None
    history = context.situation.history
    commit = history.commit_before(live.updated_at, match.marker.commit if match.marker else None)
    return history.base(commit, *context.identity(match.desired)) if commit is not None else None


def attach_change(context: Context, attachment: Attachment, flow: LiveSpec) -> Change:
    """The change that adds a connection spec's id to a flow spec, with its cause."""
    place = id_place(SOURCES, attachment.reference)
    return Change("add", f"/{SOURCES}/-", MISSING, attachment.reference, place, attach_cause(context, attachment, flow))


def attach_cause(context: Context, attachment: Attachment, flow: LiveSpec) -> Cause | None:
    """Why a flow spec does not hold a source that belongs in it; None for a source that is not created yet.

    Pending if the source was not attached when last applied, returns from retirement, was created after the flow spec's last change, or if
    its file named the flow spec only after that change. Drift if it was attached and no longer is. Unknown if history cannot decide, or if
    a time is missing: an apply may have been killed after the create, and the source never attached.
    """
    source, marker = attachment.match.live, attachment.match.marker
    if source is None:
        return None
    if marker is not None and marker.retired:
        return Cause.PENDING
    created, changed = source.created_at, flow.updated_at
    if created is not None and changed is not None and created > changed:
        return Cause.PENDING
    names = {flow.id, flow.name, *context.flow_keys.get(flow.id, ())}
    base = context.base(attachment.match)
    if base is not None:
        if not names & set(base.flow_specs):
            return Cause.PENDING
        return Cause.UNKNOWN if created is None or changed is None else Cause.DRIFT
    versions = context.versions(attachment.match.desired)
    naming = list(takewhile(lambda version: names & set(version.spec.flow_specs), versions))
    if not versions or changed is None:
        return Cause.UNKNOWN
    young = not naming or is_younger(naming[-1].time, changed)
    return Cause.PENDING if young else Cause.UNKNOWN
