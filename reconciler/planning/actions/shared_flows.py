"""Shared flow specs: the sources to attach or detach, and one action for each flow spec."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import msgspec

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.actions.attachments import Attachment, FlowTarget, find_flow_spec, flow_spec_problem, missing_attachments
from reconciler.planning.actions.memberships import attach_change
from reconciler.planning.actions.orphans import detach_changes
from reconciler.planning.comparing.causes import combine
from reconciler.planning.comparing.identity import Match
from reconciler.planning.context import Context, Outcome
from reconciler.planning.fingerprints import on_live
from reconciler.planning.guards.checkout import why_ahead
from reconciler.planning.plan import Action, ActionName, State


class DesiredAttachment(msgspec.Struct, frozen=True):
    """A connection spec, and a flow spec to which its file attaches it."""

    flow: FlowTarget
    attachment: Attachment

    @property
    def identity(self) -> tuple[str, str]:
        """The flow spec, regardless of the name used for it, and the source."""
        flow = self.flow.live.id if self.flow.live else f"key {self.flow.file.key if self.flow.file else ''}"
        return flow, self.attachment.key


def desired_attachments(context: Context, outcomes: Iterable[Outcome]) -> tuple[list[DesiredAttachment], list[Problem]]:
    """Each attachment in the files once, regardless of scope, and the problems of those in scope that cannot be made."""
    states = {outcome.status.key: outcome.status.state for outcome in outcomes if outcome.status}
    named = functools.cache(lambda name: find_flow_spec(name, context.matches, context.index))
    desired: dict[tuple[str, str], DesiredAttachment] = {}
    problems: list[Problem] = []
    for match in context.matches:
        if match.desired.kind is not Kind.CONNECTION_SPEC or not _may_be_attached(match, states.get(match.desired.key)):
            continue
        attachment = Attachment(match, match.live.id if match.live else None)
        for name in match.desired.flow_specs:
            flow = named(name)
            if isinstance(flow, FlowTarget) and _can_hold(context, flow):
                item = DesiredAttachment(flow, attachment)
                if not _waits(context, item):
                    desired.setdefault(item.identity, item)
            elif context.in_scope(match.desired.key):
                problems.append(flow_spec_problem(match, name, flow if isinstance(flow, tuple) else ()))
    return list(desired.values()), problems


def attachments_in(context: Context, match: Match, desired: Iterable[DesiredAttachment]) -> tuple[Attachment, ...]:
    """The sources that belong in the flow spec of a file: those in scope, and those that it already holds."""
    held = frozenset(match.live.source_connection_spec_ids) if match.live else frozenset()
    return tuple(
        item.attachment
        for item in desired
        if item.flow.file is match.desired and (context.in_scope(item.attachment.key) or item.attachment.id in held)
    )


def attach_to_shared(
    context: Context, desired: Iterable[DesiredAttachment], planned: frozenset[str]
) -> tuple[list[Action], list[Problem]]:
    """One action for each live flow spec without an action of its own that gains ids, or loses those of orphans."""
    wanted: dict[str, list[Attachment]] = {}
    for item in desired:
        if item.flow.live and context.in_scope(item.attachment.key):
            wanted.setdefault(item.flow.live.id, []).append(item.attachment)
    flows = [spec for spec in context.situation.live if spec.kind is Kind.FLOW_SPEC and spec.id not in planned]
    actions = [action for flow in flows if (action := _attach(context, flow, wanted.get(flow.id, [])))]
    ahead = {flow.id: problem for flow in flows if (problem := why_ahead(context, flow))}
    refused = [ahead[action.id] for action in actions if action.id in ahead]
    return [action for action in actions if action.id not in ahead], refused


def _may_be_attached(match: Match, state: State | None) -> bool:
    """Whether the source exists or this plan creates it. A match out of scope has no state."""
    if match.problems or state in (State.ERROR, State.AHEAD):
        return False
    return match.live is not None or state is State.CREATE


def _can_hold(context: Context, flow: FlowTarget) -> bool:
    """Whether the flow spec is live or this plan creates it."""
    return flow.live is not None or (flow.file is not None and context.in_scope(flow.file.key))


def _waits(context: Context, item: DesiredAttachment) -> bool:
    """Whether a gate holds back the attachment: that of its source, or of the flow spec if that is still to be created."""
    live, file = item.flow.live, item.flow.file
    if not context.waits:
        return False
    if live is None and file is not None and (Kind.FLOW_SPEC, file.key) in context.waits:
        return True
    held = live is not None and item.attachment.id in live.source_connection_spec_ids
    return not held and (Kind.CONNECTION_SPEC, item.attachment.key) in context.waits


def _attach(context: Context, flow: LiveSpec, attachments: list[Attachment]) -> Action | None:
    missing = missing_attachments(flow, attachments)
    added = tuple(attach_change(context, item, flow) for item in missing)
    removed = detach_changes(context, flow)
    if not added and not removed:
        return None
    name = ActionName.UPDATE if added and removed else ActionName.ATTACH if added else ActionName.DETACH
    return on_live(
        Action(
            kind=Kind.FLOW_SPEC,
            action=name,
            changes=(*removed, *added),
            key=None,
            name=flow.name,
            cause=combine(change.cause for change in added) or (Cause.PENDING if removed else None),
            sources=tuple(item.reference for item in missing),
            owner=context.index.marker(flow),
        ),
        flow,
    )
