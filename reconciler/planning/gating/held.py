"""What a plan holds back at a gate, with the reasons."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from reconciler.documents.kinds import Kind
from reconciler.planning.gate import Wait
from reconciler.planning.gating.upstream import by_spec
from reconciler.planning.plan import Action, ActionName, Plan


class Held(msgspec.Struct, frozen=True):
    """One object that waits. `key` is None for a flow spec without a spec file."""

    kind: Kind
    key: str | None
    name: str
    action: ActionName
    waits: tuple[Wait, ...]


def held_in(plan: Plan) -> tuple[Held, ...]:
    """What waits in this plan, in its order."""
    return tuple(Held(one.kind, one.key, one.name, one.action, reasons(plan, one)) for one in plan.waiting)


def passes(plan: Plan) -> bool:
    """Whether something that this plan would do has passed a gate."""
    return any(plan.gates[identity].is_ready for identity in by_spec(plan, plan.actions) if identity in plan.gates)


def reasons(plan: Plan, action: Action) -> tuple[Wait, ...]:
    """Why this action of the plan waits, each reason once."""
    return tuple(dict.fromkeys(_waits(plan, action)))


def _waits(plan: Plan, action: Action) -> Iterator[Wait]:
    """The reasons of the object itself, which cover the specs that its file names, then those of what is attached or detached."""
    named = {(Kind.CONNECTION_SPEC, key) for _, key in action.desired.references} if action.desired else set()
    for identity in by_spec(plan, [action]):
        if identity in plan.gates and identity not in named:
            yield from plan.gates[identity].waits
