"""The commits that live was last written from."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.documents.kinds import Kind
from reconciler.planning.plan import Action, ActionName, Plan

ObjectName = tuple[Kind, str]
"""A kind, and the key of a spec, or the id of a flow spec without a file."""


def object_of(action: Action) -> ObjectName:
    """What the action writes."""
    return (action.kind, action.key or action.id or "")


def last_written(plan: Plan) -> Mapping[ObjectName, str | None]:
    """The commit in our own marker in each object that the plan writes; None for a marker without one.

    An object without a marker of ours is not among them.
    """
    ours = (action for action in plan.actions if action.owner is not None and action.action is not ActionName.ADOPT)
    return {object_of(action): action.owner.commit for action in ours if action.owner is not None}
