"""The view of a status: the shape of its JSON."""

from __future__ import annotations

from msgspec import Struct

from reconciler.planning.plan import Plan, PlanTarget, SpecStatus
from reconciler.planning.summary import Summary
from reconciler.reports.problems.view import ProblemView, problem_view


class StatusView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The state of each spec of the repository, and of each live spec that carries its marker."""

    target: PlanTarget
    repository: str
    commit: str | None
    summary: Summary
    specs: tuple[SpecStatus, ...]
    problems: tuple[ProblemView, ...]


def status_view_of(plan: Plan) -> StatusView:
    """The status in a plan."""
    return StatusView(
        target=plan.target,
        repository=plan.repository,
        commit=plan.commit,
        summary=plan.summary,
        specs=plan.specs,
        problems=tuple(map(problem_view, plan.problems)),
    )
