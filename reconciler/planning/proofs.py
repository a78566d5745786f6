"""Which actions need a proof of what they write.

Evidence of a proof is in no digest and makes no two plans differ, because it is not part of what is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from msgspec import structs

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.planning.comparing.difference import comparable_live
from reconciler.planning.plan import Action, ActionName, Plan
from reconciler.planning.proved import PlannedProof
from reconciler.proofs.kept.digests import PROVED_SECTIONS, are_proved_alike
from reconciler.sdk.sources import BATCH, STREAMING
from reconciler.sources.source import URL_PARAMS, Source


def is_source(desired: DesiredSpec) -> bool:
    """Whether a flow can read from this connection spec, so that it can be proved."""
    return desired.spec_type in (BATCH, STREAMING) or bool(Source(desired.body).mapping(URL_PARAMS))


def needs_proof(action: Action) -> bool:
    """Whether this creates a source, or changes what a proof of it is about."""
    desired = action.desired
    if action.kind is not Kind.CONNECTION_SPEC or desired is None:
        return False
    if not is_source(desired):
        return False
    if action.action is ActionName.CREATE or action.seen is None:
        return True
    if not any(change.place[0] in PROVED_SECTIONS for change in action.changes):
        return False
    if action.tried is not None:  # what a trial is about is a part of what a proof is about
        return True
    live = comparable_live(action.seen.body)
    return not are_proved_alike(live, live | desired.body)


def with_proved(plan: Plan, proved: Mapping[str, PlannedProof]) -> Plan:
    """The plan with this evidence, by the key of the connection spec, at the actions that need a proof and at every spec."""
    actions = tuple(
        replace(action, proved=found) if (found := proved.get(action.key or "")) and needs_proof(action) else action
        for action in plan.actions
    )
    specs = tuple(
        structs.replace(spec, proved=proved[spec.key]) if spec.kind is Kind.CONNECTION_SPEC and spec.key in proved else spec
        for spec in plan.specs
    )
    return replace(plan, actions=actions, specs=specs)
