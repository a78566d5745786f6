"""The refusal of a plan, action by action."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.errors import Problem, Severity, count
from reconciler.reports.plan.outline import Outline
from reconciler.reviews.actions import Unreviewed


def refusal_message(found: Sequence[Unreviewed]) -> str:
    """How many actions were not reviewed."""
    return f"{count(len(found), 'action of the plan was', 'actions of the plan were')} not reviewed"


def refusal_problems(found: Sequence[Unreviewed], fresh: Outline) -> tuple[Problem, ...]:
    """One problem for each action that was not reviewed, at its line in the spec files."""
    return tuple(
        Problem(
            Severity.ERROR,
            "not-reviewed",
            one.message,
            *fresh.places.get(one.action.identity, (None, None)),
            key=one.action.key,
            guard=True,
        )
        for one in found
    )
