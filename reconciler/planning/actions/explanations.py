"""Collect the evidence for the cause of each change: the last applied file, with its references resolved to current ids."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import replace

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.comparison import Cause, Change
from reconciler.documents.json_text import Document
from reconciler.documents.places import Place
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.actions.attachments import Attachment
from reconciler.planning.actions.memberships import added_by_files, cause_of_attachment, with_detachment
from reconciler.planning.comparing.causes import Dated, Evidence, are_pending
from reconciler.planning.comparing.difference import section_digests, without_ignored
from reconciler.planning.comparing.id_lists import refer_again, resolve_references
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

    `wanted` and `current` are desired and live, as they were compared. The ids that `attachments` add to a list that the file owns have the
    causes of these attachments; everything else is explained by the file's own records.
    """
    live = match.live
    if live is None or not changes:
        return changes
    added = added_by_files(context, match, attachments)
    own = iter(_explain_body(context, match, wanted, current, attachments, tuple(_without(changes, added))))
    return tuple(
        replace(change, cause=cause_of_attachment(context, added[change.place], live))
        if change.place in added
        else with_detachment(context, next(own), live)
        for change in changes
    )


def _without(changes: tuple[Change, ...], places: Container[Place]) -> Iterator[Change]:
    return (change for change in changes if change.place not in places)


def _explain_body(
    context: Context,
    match: Match,
    wanted: Document,
    current: Document,
    attachments: tuple[Attachment, ...],
    changes: tuple[Change, ...],
) -> tuple[Change, ...]:
    """The same for changes that concern no attachment. The marker's digests cover the id lists as the file writes them."""
    live = match.live
    if live is None or not changes:
        return changes
    marker = context.own_marker(match)
    is_told = marker is not None and not match.desired.ignore and are_pending(changes, current, marker)
    base = None if is_told else context.base(match)
    as_written = refer_again(current, match.desired, context.ids, [item.reference for item in attachments])

    def as_compared(file: DesiredSpec) -> Document:
        return resolve_references(file.body, context.ids_in(file))

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
