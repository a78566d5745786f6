"""Which actions need a trial of what they write.

Evidence of a trial is in no digest and makes no two plans differ, because it is not part of what is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Json, value_at
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Missing
from reconciler.documents.pointer import Segments
from reconciler.planning.plan import Action, ActionName, Plan
from reconciler.planning.tried import Tried
from reconciler.sdk.sources import BATCH, SOURCE_TYPES, STREAMING
from reconciler.sources.source import (
    BODY_PARAMS,
    CONTENT_PATH,
    EXPLODE,
    FORM,
    HEADER_PARAMS,
    PAGINATION,
    SCHEDULE,
    URL_PARAMS,
    Source,
)

_TRIED: Final[tuple[Segments, ...]] = (
    ("authSpec",),
    URL_PARAMS,
    HEADER_PARAMS,
    BODY_PARAMS,
    CONTENT_PATH,
    EXPLODE,
    PAGINATION,
    SCHEDULE,
    FORM,
)
"""The parts of a body that decide what a trial requests, and which records it reads."""


def needs_trial(action: Action) -> bool:
    """Whether this creates a batch source, or changes what it requests or how it reads, pages, schedules or authenticates."""
    desired = action.desired
    if action.kind is not Kind.CONNECTION_SPEC or desired is None:
        return False
    if action.action is not ActionName.CREATE and not any(_changes_trial(change) for change in action.changes):
        return False
    return _is_batch(desired)


def with_tried(plan: Plan, tried: Mapping[str, Tried]) -> Plan:
    """The plan with this evidence, by key, in the actions that need a trial."""
    actions = tuple(
        replace(action, tried=found) if needs_trial(action) and (found := tried.get(action.key or "")) else action
        for action in plan.actions
    )
    return replace(plan, actions=actions)


def _changes_trial(change: Change) -> bool:
    return any(_touches(change, part) for part in _TRIED)


def _touches(change: Change, part: Segments) -> bool:
    """Whether the change is at or below this part, or of a value above it in which the part differs."""
    place = change.place
    if place[: len(part)] == part:
        return True
    below = part[len(place) :]
    return part[: len(place)] == place and _part_of(change.old, below) != _part_of(change.new, below)


def _part_of(value: Json | Missing, below: Segments) -> Json:
    return None if value is MISSING else value_at(value, *below)


def _is_batch(desired: DesiredSpec) -> bool:
    """Whether Flow Service requests the records of this source from the URL in the spec."""
    if desired.spec_type in (BATCH, STREAMING):
        return desired.spec_type == BATCH
    return desired.provider_id != SOURCE_TYPES[STREAMING].provider and bool(Source(desired.body).mapping(URL_PARAMS))
