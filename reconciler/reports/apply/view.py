"""The view of an apply: the shape of its JSON, for reports of a fresh result or of one read from a file."""

from __future__ import annotations

from msgspec import Struct

from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.documents.kinds import Kind
from reconciler.errors import ReconcilerError
from reconciler.journal.writing import SentWrite
from reconciler.planning.plan import PlanTarget
from reconciler.reports.apply.next_steps import next_step, undo_command
from reconciler.reports.plan.view import PlanView, held_views
from reconciler.reports.plan.waiting import HeldView, held_view
from reconciler.reports.plan.waiting_text import applied_while
from reconciler.reports.problems.view import ErrorView, ProblemView, error_view, problem_view, problems_of


class FailureView(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a spec failed. `hint` is the next step; `undo` is the command that shows how to restore the previous body."""

    code: str
    message: str
    hint: str | None
    status: int | None
    server_code: str | None
    request_id: str | None
    pointers: tuple[str, ...]
    ignore: tuple[str, ...]
    undo: str | None


class ResultView(Struct, frozen=True, forbid_unknown_fields=True):
    """The result of one spec."""

    kind: Kind
    key: str | None
    name: str
    id: str | None
    outcome: OutcomeName
    requests: tuple[SentWrite, ...]
    error: FailureView | None
    warnings: tuple[ProblemView, ...]


class Ending(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The result of an apply. With an `error` it was refused, and nothing was written; else it ran to its end.

    `waiting` was held back at a gate; it has no part in `converged`.
    """

    digest: str
    target: PlanTarget
    converged: bool
    results: tuple[ResultView, ...]
    problems: tuple[ProblemView, ...]
    journal: str | None
    error: ErrorView | None
    waiting: tuple[HeldView, ...] = ()

    @property
    def while_waiting(self) -> str | None:
        """What came of it while something waits at a gate; None if nothing does, or if what was ready did not converge."""
        if not self.converged or not self.waiting:
            return None
        return applied_while(len(self.waiting), wrote=any(result.requests for result in self.results))


class ApplyView(Ending, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The result of an apply, with the plan that was carried out, or the fresh plan of a refusal, if it is included."""

    plan: PlanView | None = None


def apply_view_of(report: ApplyReport, plan: PlanView | None = None, *, restored: bool = False) -> ApplyView:
    """The view of a completed apply. `restored`: it was a restore from a journal."""
    return ApplyView(
        digest=report.digest,
        target=report.target,
        converged=report.converged,
        results=tuple(_result(result, report, restored=restored) for result in report.results),
        problems=tuple(map(problem_view, report.problems)),
        journal=report.journal,
        error=None,
        waiting=tuple(map(held_view, report.waiting)),
        plan=plan,
    )


def refusal_view_of(view: PlanView, error: ReconcilerError, plan: PlanView | None = None) -> ApplyView:
    """The view of an apply that was refused with a plan."""
    return ApplyView(
        digest=view.digest,
        target=view.target,
        converged=False,
        results=(),
        problems=(*view.problems, *map(problem_view, problems_of(error))),
        journal=None,
        error=error_view(error),
        waiting=held_views(view),
        plan=plan,
    )


def _result(result: Result, report: ApplyReport, *, restored: bool) -> ResultView:
    return ResultView(
        kind=result.kind,
        key=result.key,
        name=result.name,
        id=result.id,
        outcome=result.outcome,
        requests=result.requests,
        error=_failure(result, result.error, report, restored=restored) if result.error else None,
        warnings=tuple(map(problem_view, result.warnings)),
    )


def _failure(result: Result, failure: Failure, report: ApplyReport, *, restored: bool) -> FailureView:
    """The error of a spec. `undo` is the command that finds the previous body in the journal."""
    return FailureView(
        code=failure.code,
        message=failure.message,
        hint=next_step(result, restored=restored),
        status=failure.status,
        server_code=failure.server_code,
        request_id=failure.request_id,
        pointers=failure.pointers,
        ignore=failure.ignore,
        undo=undo_command(result, report),
    )
