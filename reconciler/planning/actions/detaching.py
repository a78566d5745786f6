"""What a file named once and does not name any more: an apply attaches, and detaches nothing by that."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.actions.attachments import FlowTarget, find_flow_spec
from reconciler.planning.comparing.causes import base_of
from reconciler.planning.comparing.identity import Match
from reconciler.planning.context import Context


def still_attached(context: Context, match: Match, live: LiveSpec) -> Iterator[Problem]:
    """An info for each flow spec that `flowSpecs` named when it was last applied, and that still holds the id."""
    desired = match.desired
    if desired.kind is not Kind.CONNECTION_SPEC or len(context.holders.get(live.id, ())) <= len(desired.flow_specs):
        return
    situation = context.situation
    marker = match.marker if situation.owner.owns(match.marker) else None
    base = base_of(desired, marker, situation.history, situation.target.name)
    named = {flow.id for flow in _flows(context, desired.flow_specs)}
    for flow in _flows(context, base.flow_specs if base else ()):
        if flow.id not in named and live.id in flow.source_connection_spec_ids:
            yield Problem(
                Severity.INFO,
                "still-attached",
                f"connection spec {desired.key!r} is still attached to {flow.name!r}, which its file no longer lists",
                file=desired.file,
                hint="to retire it, remove its file and add its key to `retired:` in reconciler.yaml",
                key=desired.key,
            )


def _flows(context: Context, names: tuple[str, ...]) -> Iterator[LiveSpec]:
    for name in names:
        found = find_flow_spec(name, context.matches, context.index)
        if isinstance(found, FlowTarget) and found.live:
            yield found.live
