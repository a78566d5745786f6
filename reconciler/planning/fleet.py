"""The plans of several targets: what each was read as, and the digest over all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.errors import ReconcilerError
from reconciler.planning.plan import Plan, PlanTarget


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """One target as it was read. Exactly one of `plan` and `error` is set. `seconds` is how long it took."""

    name: str
    target: PlanTarget | None
    """None if its settings are not complete."""
    plan: Plan | None
    error: ReconcilerError | None
    seconds: float


def fleet_digest(plans: Iterable[TargetPlan]) -> str:
    """SHA-256 over the lines `<target> <plan digest>`, sorted, of the targets with something to do."""
    lines = sorted(f"{one.name} {one.plan.digest}\n" for one in plans if one.plan is not None and one.plan.actions)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
