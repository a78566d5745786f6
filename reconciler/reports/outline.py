"""A plan without its values: what it would do to which spec, with digests in the place of what is old and new.

It is small enough to be kept where a plan was reviewed, it shows no value, and it tells two plans apart as well as the plans themselves do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.documents.canonical import canonical, short_digest
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Missing
from reconciler.planning.plan import ActionName, PlanTarget
from reconciler.reports.view import ActionView, ChangeView, PlanView

_FINGERPRINT_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class ChangeOutline:
    """One change: the operation, where, and the short digest of what is old and new together."""

    op: str
    path: str
    values: str


@dataclass(frozen=True, slots=True)
class ActionOutline:
    """One action. `fingerprint` is the beginning of the action's; `file` and `line` are for messages, and not kept."""

    kind: Kind
    key: str | None
    name: str
    id: str | None
    action: ActionName
    fingerprint: str
    changes: tuple[ChangeOutline, ...]
    file: str | None = None
    line: int | None = None

    @property
    def identity(self) -> tuple[str, str, str]:
        return (self.kind, self.key or "", self.id or "")

    @property
    def is_shared(self) -> bool:
        """Whether this is a flow spec that is only attached to."""
        return self.kind is Kind.FLOW_SPEC and self.key is None


@dataclass(frozen=True, slots=True)
class Outline:
    """One plan. `left_out` counts the actions that did not fit where it was kept."""

    target: PlanTarget
    digest: str
    actions: tuple[ActionOutline, ...]
    left_out: int = 0


def outline_of(view: PlanView) -> Outline:
    """The outline of a whole plan."""
    return Outline(view.target, view.digest, tuple(_action(action) for action in view.actions))


def is_rest_of(fresh: PlanView, reviewed: Outline, ids: Mapping[str, str]) -> bool:
    """Whether everything that is left to do was reviewed: no action and no change that the reviewed plan has not.

    `ids` has the id of each connection spec that is live by now, by key: what was to be attached by reference may have its id meanwhile.
    Actions rest on what they rested on then, but for a flow spec that is only attached to, whose attachments are all there is to it.
    """
    known = {action.identity: action for action in reviewed.actions}
    keys = {spec_id: key for key, spec_id in ids.items()}
    return all(_is_covered(action, known.get(_action(action).identity), keys) for action in fresh.actions)


def _is_covered(action: ActionView, before: ActionOutline | None, keys: Mapping[str, str]) -> bool:
    if before is None or before.action is not action.action:
        return False
    if not before.is_shared and before.fingerprint != action.fingerprint[:_FINGERPRINT_LENGTH]:
        return False
    reviewed = frozenset(before.changes)
    return all(_change(change) in reviewed or _by_reference(change, keys) in reviewed for change in action.changes)


def _by_reference(change: ChangeView, keys: Mapping[str, str]) -> ChangeOutline | None:
    """The same change as it was planned while the spec had no id."""
    key = keys.get(change.new) if isinstance(change.new, str) else None
    return None if key is None else ChangeOutline(change.op, change.path, _values(change.old, {"ref": key}))


def _action(action: ActionView) -> ActionOutline:
    return ActionOutline(
        kind=action.kind,
        key=action.key,
        name=action.name,
        id=action.id,
        action=action.action,
        fingerprint=action.fingerprint[:_FINGERPRINT_LENGTH],
        changes=tuple(_change(change) for change in action.changes),
        file=action.file,
        line=action.line,
    )


def _change(change: ChangeView) -> ChangeOutline:
    return ChangeOutline(change.op, change.path, _values(change.old, change.new))


def _values(old: Json | Missing, new: Json | Missing) -> str:
    return short_digest([[] if value is MISSING else [canonical(value)] for value in (old, new)])
