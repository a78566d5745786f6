"""Which actions need a trial of what they write.

Evidence of a trial is in no digest and makes no two plans differ, because it is not part of what is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.planning.plan import Action, ActionName, Plan
from reconciler.planning.tried import Tried
from reconciler.sdk.sources import BATCH, SOURCE_TYPES, STREAMING
from reconciler.sources.source import URL_PARAMS, Source

_SECTIONS: Final = frozenset({"authSpec", "sourceSpec"})
"""The sections that decide what is requested, and which records are read."""


def may_need_trial(action: Action) -> bool:
    """Whether this creates a batch source, or changes a section that decides which records it reads."""
    desired = action.desired
    if action.kind is not Kind.CONNECTION_SPEC or desired is None:
        return False
    if action.action is not ActionName.CREATE and not any(change.place[0] in _SECTIONS for change in action.changes):
        return False
    return _is_batch(desired)


def with_tried(plan: Plan, tried: Mapping[str, Tried]) -> Plan:
    """The plan with this evidence, by the key of the connection spec."""
    actions = tuple(
        replace(action, tried=found) if may_need_trial(action) and (found := tried.get(action.key or "")) else action
        for action in plan.actions
    )
    return replace(plan, actions=actions)


def _is_batch(desired: DesiredSpec) -> bool:
    """Whether Flow Service requests the records of this source from the URL in the spec."""
    if desired.spec_type in (BATCH, STREAMING):
        return desired.spec_type == BATCH
    return desired.provider_id != SOURCE_TYPES[STREAMING].provider and bool(Source(desired.body).mapping(URL_PARAMS))
