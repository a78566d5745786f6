"""What an apply did, as reports on GitHub take it: exactly what the JSON of an apply holds, wherever that was made."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.applying.outcome import OutcomeName
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem
from reconciler.journal.writing import SentWrite
from reconciler.planning.plan import PlanTarget
from reconciler.reports.plan.view import PlanView


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What ended a command."""

    code: str
    message: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class FailureView:
    """Why a spec did not end well. `hint` is the next step, `undo` the command that shows how the body from before is put back."""

    code: str
    message: str
    hint: str | None
    status: int | None
    server_code: str | None
    request_id: str | None
    pointers: tuple[str, ...]
    ignore: tuple[str, ...]
    undo: str | None


@dataclass(frozen=True, slots=True)
class ResultView:
    """How one spec ended."""

    kind: Kind
    key: str | None
    name: str
    id: str | None
    outcome: OutcomeName
    requests: tuple[SentWrite, ...]
    error: FailureView | None
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ApplyView:
    """How an apply ended. With an `error` it was refused, and nothing was written. `plan` is the one carried out, or the fresh one."""

    target: PlanTarget
    digest: str
    converged: bool
    results: tuple[ResultView, ...]
    problems: tuple[Problem, ...]
    journal: str | None
    error: ErrorView | None
    plan: PlanView | None = None


@dataclass(frozen=True, slots=True)
class NoPlanView:
    """What stands in the place of a report when no plan could be made."""

    error: ErrorView
    problems: tuple[Problem, ...]
