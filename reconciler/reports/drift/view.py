"""Drift: the part of a plan that someone else caused, or may have caused."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from msgspec.structs import asdict, replace

from reconciler.errors import Severity
from reconciler.planning.comparing.causes import REPORTED_AS_DRIFT
from reconciler.planning.plan import counted_again
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.view import ProblemView

APPLIED_UNCOMMITTED: Final = "applied-uncommitted"
_ABOUT_WRITING: Final = frozenset(
    {
        "too-many-creates",
        "too-many-updates",
        "too-many-detaches",
        "too-many-retired",
        "namesake",
        "orphan-or-rename",
        "detach-unknown-commit",
        "detach-in-use",
        "same-name",
        "hidden-ids",
        "breaking",
        "uncommitted",
        "untried",
        "unproved",
    }
)
"""Guards that prevent a write and do not describe live."""


_MAYBE_NOT_OURS: Final = "pinned-unmanaged"
"""Problems of specs that may belong to another owner. Their differences are not drift of ours; the problem reports them."""


class DriftView(PlanView, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Drift as a value of its own, from `drift_view_of`."""

    @property
    def found(self) -> bool:
        """Whether live has, or may have, content of no commit."""
        return has_drift(self)

    @property
    def complete(self) -> bool:
        """Whether all specs were looked at. If not, `errors` say why, and there may be more drift."""
        return not self.errors


def drift_view_of(view: PlanView) -> DriftView:
    """The drift in a plan."""
    return DriftView(**asdict(drift_of(view)))


def drift_of(view: PlanView) -> PlanView:
    """The plan with only drifted actions, their drifted changes, and the problems that may hide drift."""
    not_ours = {problem.key for problem in view.problems if problem.code == _MAYBE_NOT_OURS}
    actions = tuple(
        replace(
            action,
            changes=tuple(change for change in action.changes if change.cause in REPORTED_AS_DRIFT),
            effects=(),
            tried=None,
            proved=None,
        )
        for action in view.actions
        if action.cause in REPORTED_AS_DRIFT and action.key not in not_ours
    )
    found = tuple(action for action in actions if action.changes)
    uncommitted = {problem.key for problem in applied_uncommitted(view)}
    problems = tuple(_weighed(problem) for problem in view.problems if _matters(problem) and not _is_said(problem, uncommitted))
    return replace(view, actions=found, problems=problems, summary=counted_again(view.summary, found))


def drifted_keys(view: PlanView) -> tuple[str, ...]:
    """The keys whose apply undoes exactly this drift; empty if some drift has no key."""
    keys = [action.keys for action in view.actions]
    return tuple(sorted({key for found in keys for key in found})) if all(keys) else ()


def has_drift(view: PlanView) -> bool:
    """Whether live has, or may have, content of no commit: changed there, or applied from an uncommitted file."""
    return bool(view.actions) or bool(applied_uncommitted(view))


def is_reported(view: PlanView) -> bool:
    """Whether somebody has to look: at drift, or at a change that should have been applied long ago."""
    return has_drift(view) or bool(view.overdue)


def applied_uncommitted(view: PlanView) -> tuple[ProblemView, ...]:
    """The problems of specs that were applied from uncommitted files."""
    return tuple(problem for problem in view.problems if problem.code == APPLIED_UNCOMMITTED)


def _is_said(problem: ProblemView, uncommitted: Container[str | None]) -> bool:
    """Whether another problem already explains why this spec's last applied commit is not known."""
    return problem.code == "unknown-commit" and problem.key in uncommitted


def _weighed(problem: ProblemView) -> ProblemView:
    """The problem, lowered to a warning if it only prevents a write."""
    return replace(problem, severity=Severity.WARNING, guard=False) if problem.code == "unknown-commit" else problem


def _matters(problem: ProblemView) -> bool:
    if problem.severity is Severity.INFO or problem.code in _ABOUT_WRITING:
        return False
    if not problem.guard:
        return True
    from reconciler.lint.registry import RULES  # noqa: PLC0415 - only a refused plan needs the rules

    return problem.code not in RULES  # lint findings concern the file to write, not live
