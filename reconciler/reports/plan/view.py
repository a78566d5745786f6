"""The view of a plan: the shape of its JSON, for reports of a fresh Plan or of a saved one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as replace_evidence
from typing import TypeVar

from msgspec import Struct, convert, field
from msgspec.structs import force_setattr, replace

from reconciler.breaking.effect import Effect, Level, worst
from reconciler.documents.comparison import Cause, Op
from reconciler.documents.json_text import Json, value_of
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.documents.withholding import placeholders, without_secrets
from reconciler.flowservice.usage import SpecUsage
from reconciler.planning.comparing.id_lists import reference_to
from reconciler.planning.gate import Gate, Wait
from reconciler.planning.overdue import Overdue
from reconciler.planning.plan import ActionName, Options, Plan, PlanTarget, Request, moves_id, retires
from reconciler.planning.proved import PlannedProof
from reconciler.planning.summary import Summary
from reconciler.planning.tried import Tried
from reconciler.reports.plan.waiting import GatedSpec, HeldView, WaitView, gated_specs, waits_of
from reconciler.reports.problems.view import ProblemView


class ChangeView(Struct, frozen=True, forbid_unknown_fields=True):
    """One change; `old` is the live value and `new` the repository's, MISSING for no value. `written` is `new` as it was given."""

    op: Op
    path: str
    old: Json
    written: Json = field(name="new")
    cause: Cause | None

    def __post_init__(self) -> None:
        """JSON has null for both null and MISSING; the operation distinguishes them."""
        for op, side in (("add", "old"), ("remove", "written")):
            if self.op == op:
                force_setattr(self, side, MISSING)

    @property
    def new(self) -> Json:
        """The repository's value, decoded on each call if it is kept as text."""
        return value_of(self.written)

    def __eq__(self, other: object) -> bool:
        """Whether both change the same, however the new value is kept."""
        return isinstance(other, ChangeView) and _said(self) == _said(other)

    def __hash__(self) -> int:
        return hash((self.op, self.path))


def _said(change: ChangeView) -> tuple[object, ...]:
    return change.op, change.path, change.old, change.new, change.cause


class EffectView(Struct, frozen=True, forbid_unknown_fields=True):
    """An effect on the connections and flows that use a spec. `path` is a JSON Pointer into live; `hint` is a way to avoid it."""

    level: Level
    code: str
    path: str
    reason: str
    hint: str | None = None


class ActionView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One object and its action. `updated_at` is in milliseconds since the epoch; `usage` is None if it was not queried.

    `effects` has no safe ones; breaking ones are first. `keys` select exactly this action in an apply: its own key, or those of the
    connection specs that a flow spec without a file is to hold. `tried` is None if the action needs no trial, and `proved` if it
    needs no proof. Plans saved by older versions have none of the five.
    """

    kind: Kind
    key: str | None
    name: str
    id: str | None
    action: ActionName
    cause: Cause | None
    fingerprint: str
    changes: tuple[ChangeView, ...]
    requests: tuple[Request, ...]
    updated_at: int | None
    updated_by: str | None
    file: str | None
    line: int | None
    usage: SpecUsage | None = None
    effects: tuple[EffectView, ...] = ()
    keys: tuple[str, ...] = ()
    tried: Tried | None = None
    proved: PlannedProof | None = None

    @property
    def level(self) -> Level:
        """The level of the most severe effect."""
        return worst(self.effects)

    @property
    def is_shared(self) -> bool:
        """Whether this is a flow spec without a file, which other teams may also use."""
        return self.kind is Kind.FLOW_SPEC and self.key is None

    @property
    def retires(self) -> bool:
        """Whether this writes `retired` into the marker of an orphan."""
        return retires(self.changes)

    @property
    def attaches(self) -> tuple[ChangeView, ...]:
        return tuple(change for change in self.changes if change.op == "add" and self.moves_id(change))

    @property
    def detaches(self) -> tuple[ChangeView, ...]:
        return tuple(change for change in self.changes if change.op == "remove" and self.moves_id(change))

    def moves_id(self, change: ChangeView) -> bool:
        """Whether this change adds an id to the flow spec's `sourceConnectionSpecIds` or removes one."""
        return moves_id(self.kind, self.action, change)


class WaitingView(Struct, frozen=True, forbid_unknown_fields=True):
    """What would be done to one object if the gates let it, why they do not, and the specs whose gates they are.

    Plans saved by older versions have none of these specs.
    """

    action: ActionView
    waits: tuple[WaitView, ...]
    specs: tuple[GatedSpec, ...] = ()


class PlanView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The data of a plan report: exactly what a saved plan holds."""

    format_version: int = 1
    target: PlanTarget
    repository: str
    commit: str | None
    options: Options
    digest: str
    summary: Summary
    actions: tuple[ActionView, ...]
    problems: tuple[ProblemView, ...]
    waiting: tuple[WaitingView, ...] = ()
    """What waits at a gate; only a target with `after` has any."""
    overdue: tuple[Overdue, ...] = ()
    """What was committed long ago and is not applied; only drift has any."""

    @property
    def errors(self) -> tuple[ProblemView, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)


def view_of(plan: Plan) -> PlanView:
    """The view of a fresh plan; apparent secrets are withheld."""
    view = convert(replace_evidence(plan, waiting=()), PlanView, from_attributes=True)
    shown = placeholders(secret for action in (*plan.actions, *plan.waiting) for secret in action.secrets)
    actions = zip(view.actions, plan.actions, strict=True)
    waiting = ((convert(action, ActionView, from_attributes=True), action) for action in plan.waiting)
    return replace(
        view,
        waiting=tuple(
            WaitingView(
                _withheld(_named(seen, plan.ids), shown if action.secrets else {}),
                waits_of(plan, action),
                gated_specs(plan, action),
            )
            for seen, action in waiting
        ),
        actions=tuple(_withheld(_named(seen, plan.ids), shown if action.secrets else {}) for seen, action in actions),
    )


def held_views(view: PlanView) -> tuple[HeldView, ...]:
    """What waits in a plan, without the changes."""
    return tuple(HeldView(one.action.kind, one.action.key, one.action.name, one.action.action, one.waits) for one in view.waiting)


def gates_shown(view: PlanView) -> dict[tuple[Kind, str], Gate]:
    """The closed gate of each spec that waits in a plan."""
    return {
        (spec.kind, spec.key): Gate(tuple(Wait(wait.on, wait.gate, wait.message) for wait in one.waits))
        for one in view.waiting
        for spec in one.specs
    }


def _named(action: ActionView, ids: Mapping[str, str]) -> ActionView:
    if action.key is not None:
        return replace(action, keys=(action.key,))
    changed = [change.new if change.op == "add" else change.old for change in (*action.attaches, *action.detaches)]
    return replace(
        action, keys=tuple(sorted({key for key, spec_id in ids.items() if spec_id in changed or reference_to(key) in changed}))
    )


def _withheld(action: ActionView, shown: Mapping[str, str]) -> ActionView:
    if not shown:
        return action
    changes = (
        replace(change, old=without_secrets(change.old, shown), written=without_secrets(change.new, shown))
        for change in action.changes
    )
    name = shown.get(action.name, action.name)
    tried, proved = _evidence_withheld(action.tried, shown), _evidence_withheld(action.proved, shown)
    return replace(action, name=name, changes=tuple(changes), tried=tried, proved=proved)


_E = TypeVar("_E", Tried, PlannedProof)


def _evidence_withheld(evidence: _E | None, shown: Mapping[str, str]) -> _E | None:
    if evidence is None or evidence.reason is None:
        return evidence
    reason = evidence.reason
    for secret, placeholder in shown.items():
        reason = reason.replace(secret, placeholder)
    return replace_evidence(evidence, reason=reason)


def effect_view(effect: Effect) -> EffectView:
    """The view of an effect."""
    return convert(effect, EffectView, from_attributes=True)
