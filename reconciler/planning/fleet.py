"""The plans of several targets: what each was read as, and the digest over all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import msgspec

from reconciler.errors import ReconcilerError
from reconciler.planning.gate import Gates
from reconciler.planning.plan import Options, Plan, PlanTarget
from reconciler.settings.choosing import Chosen
from reconciler.settings.targets import Settings
from reconciler.settings.values import Safety


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """One target as it was read. Exactly one of `plan` and `error` is set. `seconds` is how long it took."""

    name: str
    target: PlanTarget | None
    """None if its settings are not complete."""
    plan: Plan | None
    error: ReconcilerError | None
    seconds: float


class FleetReading(msgspec.Struct, frozen=True):
    """How to read each target: what the plan has, and the options, made from the limits in the settings."""

    options: Callable[[Safety], Options]
    users: bool = False
    trials: bool = False
    writes: bool = False
    """Whether these are the targets of a command that writes."""
    wave: int | None = None
    """The only wave whose targets are read; None for all."""
    applies: bool = False
    """Whether what is planned for a target counts as done for those after it: an apply of these targets writes it first."""
    gated: bool = True
    """Whether gates withhold what has to wait."""
    shown: Mapping[str, Gates] = msgspec.field(default_factory=dict)
    """By target, the gates of the plan that was shown before, if one was: what waited there still does."""


@dataclass(frozen=True, slots=True)
class FleetRead:
    """Several targets as read: the settings, which targets were chosen, and their plans in this order."""

    settings: Settings
    chosen: Chosen
    plans: tuple[TargetPlan, ...]


def fleet_digest(plans: Iterable[TargetPlan]) -> str:
    """SHA-256 over the lines `<target> <plan digest>`, sorted, of the targets with something to do."""
    return digest_over((one.name, one.plan.digest) for one in plans if one.plan is not None and one.plan.actions)


def digest_over(plans: Iterable[tuple[str, str]]) -> str:
    """The same over the names and plan digests of the targets with something to do."""
    lines = sorted(f"{name} {digest}\n" for name, digest in plans)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
