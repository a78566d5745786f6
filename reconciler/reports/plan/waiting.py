"""Why something waits at a gate, in reports."""

from __future__ import annotations

from math import ceil

from msgspec import UNSET, Struct, UnsetType

from reconciler.documents.kinds import Kind
from reconciler.planning.gate import GateName, Wait
from reconciler.planning.gating.held import Held, reasons
from reconciler.planning.gating.upstream import by_spec
from reconciler.planning.plan import Action, ActionName, Plan
from reconciler.wording.moments import moment


class WaitView(Struct, frozen=True, forbid_unknown_fields=True):
    """One reason to wait: the target that it is about, the gate, and the moments (ISO 8601) of a soak that has begun."""

    on: str
    gate: GateName
    message: str
    hint: str | None = None
    since: str | None = None
    until: str | None = None
    left: int | UnsetType = UNSET
    """Seconds until then, when the plan was made; only of such a soak."""


class HeldView(Struct, frozen=True, forbid_unknown_fields=True):
    """One object that waits, without the changes."""

    kind: Kind
    key: str | None
    name: str
    action: ActionName
    waits: tuple[WaitView, ...]


class GatedSpec(Struct, frozen=True, forbid_unknown_fields=True):
    """A spec whose gate is closed."""

    kind: Kind
    key: str


def held_view(held: Held) -> HeldView:
    """The view of one object that waits."""
    return HeldView(held.kind, held.key, held.name, held.action, tuple(map(wait_view, held.waits)))


def waits_of(plan: Plan, action: Action) -> tuple[WaitView, ...]:
    """Why this action of the plan waits, each reason once."""
    return tuple(dict.fromkeys(map(wait_view, reasons(plan, action))))


def gated_specs(plan: Plan, action: Action) -> tuple[GatedSpec, ...]:
    """The specs whose gates keep this action of the plan back: its own, or those that it would attach or detach."""
    closed = (identity for identity in by_spec(plan, [action]) if identity in plan.gates and not plan.gates[identity].is_ready)
    return tuple(GatedSpec(*identity) for identity in sorted(closed))


def wait_view(wait: Wait) -> WaitView:
    """The view of one reason."""
    since, until = (None if at is None else moment(at) for at in (wait.since, wait.until))
    left = UNSET if wait.left is None else ceil(wait.left)
    return WaitView(wait.on, wait.gate, wait.message, wait.hint, since, until, left)
