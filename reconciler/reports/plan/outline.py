"""The outline of a plan: what it would do to which spec, with digests in place of values.

It is small enough to keep where the plan was reviewed, shows no value, and distinguishes two plans as reliably as the plans themselves. In
a list of ids that is written as a whole, each id or reference is a separate change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct, structs

from reconciler.documents.canonical import canonical, short_digest
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Missing
from reconciler.documents.semantics import ID_LISTS
from reconciler.planning.plan import ActionName, PlanTarget
from reconciler.reports.plan.view import ActionView, ChangeView, PlanView

_FINGERPRINT_LENGTH: Final = 16
_ID_LISTS: Final = frozenset(f"/{name}" for name in ID_LISTS)


class ChangeOutline(NamedTuple):
    """One change: the operation, its place, and the short digest of the old and the new value together."""

    op: str
    path: str
    values: str


Identity: TypeAlias = tuple[str, str, str]


class ActionOutline(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One action. `fingerprint` is a prefix of the action's."""

    kind: Kind
    key: str | None
    name: str
    id: str | None
    action: ActionName
    fingerprint: str
    changes: tuple[ChangeOutline, ...]

    @property
    def identity(self) -> Identity:
        return (self.kind, self.key or "", self.id or "")

    @property
    def is_flow_spec(self) -> bool:
        return self.kind is Kind.FLOW_SPEC

    @property
    def short(self) -> str:
        """The short digest of the whole action, which is kept if the action does not fit."""
        return self._short(self.id)

    @property
    def shared_short(self) -> str:
        """The same without the id of a spec with a key, which differs from target to target."""
        return self._short(self.id if self.key is None else None)

    def is_among(self, shorts: Collection[str]) -> bool:
        """Whether this action is one of those with these short digests."""
        return self.short in shorts or self.shared_short in shorts

    def _short(self, spec_id: str | None) -> str:
        return short_digest([self.kind, self.key or "", spec_id or "", self.action, [list(change) for change in self.changes]])


_Missing: TypeAlias = tuple[ActionOutline, frozenset[ChangeOutline]]
"""An action of a plan, and the changes in it that nobody reviewed yet."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One plan. `left_out` counts the actions that did not fit; `shorts` are short digests of as many of these as fit.

    `places` has the file and line of each action, for messages; it is not saved. `base` is the commit of the branch that the planned
    checkout contained; None where no later review needs it.
    """

    target: PlanTarget
    digest: str
    actions: tuple[ActionOutline, ...]
    left_out: int = 0
    shorts: frozenset[str] = frozenset()
    base: str | None = None
    places: Mapping[Identity, tuple[str | None, int | None]] = field(default_factory=dict, compare=False)

    @property
    def place(self) -> tuple[str, str, str]:
        """The target's host, organization and sandbox."""
        return self.target.host, self.target.org_id, self.target.sandbox


def outline_of(view: PlanView) -> Outline:
    """The outline of a whole plan."""
    actions = tuple(_action(action) for action in view.actions)
    places = {outline.identity: (action.file, action.line) for outline, action in zip(actions, view.actions, strict=True)}
    return Outline(view.target, view.digest, actions, places=places)


def reviewed_outline(view: PlanView) -> Outline:
    """The outline of all that a reviewer of the plan sees: what waits at a gate, too, since it goes on later without another review."""
    waiting = tuple(_action(one.action) for one in view.waiting)
    outline = outline_of(view)
    return replace(outline, actions=(*outline.actions, *waiting)) if waiting else outline


def as_it_was_planned(fresh: Outline, reviewed: Outline, ids: Mapping[str, str]) -> Outline:
    """The fresh outline, with ids replaced by the references that the reviewed plan used for them.

    `ids` maps the key of each live connection spec to its id. A source that was to be attached by reference may have an id by now.
    """
    known = {action.identity: frozenset(action.changes) for action in reviewed.actions}
    by_id = {_values(MISSING, spec_id): _values(MISSING, {"ref": key}) for key, spec_id in ids.items()}
    return replace(
        fresh, actions=tuple(_by_reference(action, known.get(action.identity, frozenset()), by_id) for action in fresh.actions)
    )


def is_rest_of(fresh: Outline, reviewed: Outline) -> bool:
    """Whether all remaining work was reviewed for the same target: no action or change that the reviewed plan lacks.

    A change includes the value that it replaces, so live is still as reviewed at every place that is written.
    """
    known = {action.identity: action for action in reviewed.actions}
    return fresh.place == reviewed.place and all(
        _is_covered(action, known.get(action.identity)) or action.is_among(reviewed.shorts) for action in fresh.actions
    )


def is_together_of(plan: Outline, reviewed: Iterable[Outline]) -> bool:
    """Whether these reviewed plans, for the same target, have every action and change of this plan. False if it is not complete."""
    if plan.left_out:
        return False
    missing = {action.identity: (action, frozenset(action.changes)) for action in plan.actions}
    for outline in reviewed:
        if outline.place == plan.place:
            missing = dict(_unreviewed(missing, outline))
        if not missing:
            return True
    return False


def _unreviewed(missing: Mapping[Identity, _Missing], outline: Outline) -> Iterator[tuple[Identity, _Missing]]:
    """What of these actions the outline does not have. An action without changes is missing until an outline has it."""
    known = {action.identity: action for action in outline.actions}
    for identity, (action, changes) in missing.items():
        same = known.get(identity)
        is_same = same is not None and same.action is action.action
        left = changes - frozenset(same.changes) if same is not None and is_same else changes
        if (left or not is_same) and not action.is_among(outline.shorts):
            yield identity, (action, left)


def _is_covered(action: ActionOutline, before: ActionOutline | None) -> bool:
    return before is not None and before.action is action.action and set(action.changes) <= set(before.changes)


def _by_reference(action: ActionOutline, planned: frozenset[ChangeOutline], by_id: Mapping[str, str]) -> ActionOutline:
    changes = tuple(
        by_key if (by_key := change._replace(values=by_id.get(change.values, change.values))) in planned else change
        for change in action.changes
    )
    return structs.replace(action, changes=changes)


def _action(action: ActionView) -> ActionOutline:
    return ActionOutline(
        kind=action.kind,
        key=action.key,
        name=action.name,
        id=action.id,
        action=action.action,
        fingerprint=action.fingerprint[:_FINGERPRINT_LENGTH],
        changes=tuple(outline for change in action.changes for outline in _changes(change)),
    )


def _changes(change: ChangeView) -> list[ChangeOutline]:
    if change.op == "add" and change.path in _ID_LISTS and isinstance(change.new, list):
        return [ChangeOutline("add", f"{change.path}/-", _values(MISSING, entry)) for entry in change.new]
    return [ChangeOutline(change.op, change.path, _values(change.old, change.new))]


def _values(old: Json | Missing, new: Json | Missing) -> str:
    return short_digest([[] if value is MISSING else [canonical(value)] for value in (old, new)])
