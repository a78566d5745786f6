"""Why something waits at a gate, in reports."""

from __future__ import annotations

from msgspec import Struct

from reconciler.planning.gate import GateName, Wait
from reconciler.planning.gating.upstream import by_spec
from reconciler.planning.plan import Action, Plan
from reconciler.wording.moments import moment


class WaitView(Struct, frozen=True, forbid_unknown_fields=True):
    """One reason to wait: the target that it is about, the gate, and the moments (ISO 8601) of a soak that has begun."""

    on: str
    gate: GateName
    message: str
    hint: str | None = None
    since: str | None = None
    until: str | None = None


def waits_of(plan: Plan, action: Action) -> tuple[WaitView, ...]:
    """Why this action of the plan waits, each reason once."""
    gates = [plan.gates[identity] for identity in by_spec(plan, [action]) if identity in plan.gates]
    return tuple(map(wait_view, dict.fromkeys(wait for gate in gates for wait in gate.waits)))


def wait_view(wait: Wait) -> WaitView:
    """The view of one reason."""
    since, until = (None if at is None else moment(at) for at in (wait.since, wait.until))
    return WaitView(wait.on, wait.gate, wait.message, wait.hint, since, until)
