"""One apply over several targets: what is asked for, and what became of each target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reconciler.applying.outcome import ApplyReport
from reconciler.applying.waves import TurnEnd
from reconciler.errors import Problem, ReconcilerError, Refused
from reconciler.planning.fleet import FleetRead, FleetReading, TargetPlan


class StalePlan(Refused):
    """The current plan is not the one that was reviewed; `problems` lists the differences."""

    code = "stale"

    def __init__(self, message: str, *, hint: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class TargetEnd:
    """What became of one target. `shown` is the plan that was approved.

    `report` is set if it was written, `error` if it was given up. `seconds` is how long its turn took.
    """

    shown: TargetPlan
    end: TurnEnd
    report: ApplyReport | None = None
    error: ReconcilerError | None = None
    seconds: float = 0.0

    @property
    def name(self) -> str:
        return self.shown.name


class Told(Protocol):
    """Hears how the run goes on, in the main thread."""

    def began(self, shown: TargetPlan) -> None:
        """The turn of a target has come."""

    def ended(self, end: TargetEnd) -> None:
        """It is over."""


class Untold:
    """Nobody listens."""

    def began(self, shown: TargetPlan) -> None: ...

    def ended(self, end: TargetEnd) -> None: ...


@dataclass(frozen=True, slots=True)
class FleetApply:
    """An approved apply. Each target is planned anew, with `reading`, when its turn comes, and must still have the plan in `read`.

    `digest` is that over all targets. `max_failures` is the number of failed targets from which no new one is begun; None is no limit.
    `refused` are the targets that are not written, with the reason.
    """

    read: FleetRead
    reading: FleetReading
    digest: str
    max_failures: int | None = 1
    told: Told = field(default_factory=Untold)
    refused: Mapping[str, ReconcilerError] = field(default_factory=dict)
