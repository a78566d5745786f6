"""Drift: the part of a plan that someone else caused, or may have caused."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from msgspec.structs import replace

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
    }
)
"""Guards that keep something from being written, and say nothing about what live is."""


_MAYBE_NOT_OURS: Final = "pinned-unmanaged"
"""What differs in a spec that may be somebody else's is no drift of ours; the problem says so instead."""


def drift_of(view: PlanView) -> PlanView:
    """The same plan with only the actions that drifted, in them only the changes that did, and the problems that hide drift."""
    not_ours = {problem.key for problem in view.problems if problem.code == _MAYBE_NOT_OURS}
    actions = tuple(
        replace(action, changes=tuple(change for change in action.changes if change.cause in REPORTED_AS_DRIFT), effects=())
        for action in view.actions
        if action.cause in REPORTED_AS_DRIFT and action.key not in not_ours
    )
    found = tuple(action for action in actions if action.changes)
    uncommitted = {problem.key for problem in applied_uncommitted(view)}
    problems = tuple(_weighed(problem) for problem in view.problems if _matters(problem) and not _is_said(problem, uncommitted))
    return replace(view, actions=found, problems=problems, summary=counted_again(view.summary, found))


def drifted_keys(view: PlanView) -> tuple[str, ...]:
    """The keys whose apply undoes this drift and does nothing else; empty where some drift belongs to no key."""
    keys = [action.keys for action in view.actions]
    return tuple(sorted({key for found in keys for key in found})) if all(keys) else ()


def has_drift(view: PlanView) -> bool:
    """Whether live has, or may have, what no commit of the repository has: changed there, or applied from a file that was not committed."""
    return bool(view.actions) or bool(applied_uncommitted(view))


def applied_uncommitted(view: PlanView) -> tuple[ProblemView, ...]:
    """The specs that were applied from files that nobody had committed."""
    return tuple(problem for problem in view.problems if problem.code == APPLIED_UNCOMMITTED)


def _is_said(problem: ProblemView, uncommitted: Container[str | None]) -> bool:
    """Whether another problem says why this spec's last apply is not known."""
    return problem.code == "unknown-commit" and problem.key in uncommitted


def _weighed(problem: ProblemView) -> ProblemView:
    """What only stands in the way of a write is worth knowing here, and no more."""
    return replace(problem, severity=Severity.WARNING, guard=False) if problem.code == "unknown-commit" else problem


def _matters(problem: ProblemView) -> bool:
    if problem.severity is Severity.INFO or problem.code in _ABOUT_WRITING:
        return False
    if not problem.guard:
        return True
    from reconciler.lint.registry import RULES  # noqa: PLC0415 - a plan without writes asks no rule

    return problem.code not in RULES  # what the rules find in a file that would be written
