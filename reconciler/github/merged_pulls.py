"""The merged pull requests of a branch, each with the plan that was recorded for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.github.checks import CheckRuns
from reconciler.github.pulls import MergedPull, merged_with
from reconciler.github.recorded import NotReviewed, review_of
from reconciler.reviews.merged_plans import RecordedPlan

_SETTLE: Final = 5.0
"""Seconds to wait for GitHub to list a pull request that was just merged."""


@dataclass(frozen=True, slots=True)
class MergedPulls:
    """The pull requests merged into the branch `into`. `specs` is the folder as the command line has it."""

    checks: CheckRuns
    specs: str
    into: str

    def brought(self, commit: str) -> Sequence[tuple[str, MergedPull]]:
        """The pull requests that brought this commit, each with the commit as which it was merged. Raises ServiceError."""
        return merged_with(self.checks.github, commit, self.into)

    def name(self, merged: MergedPull) -> str:
        """Its number, as GitHub links it."""
        return f"#{merged.number}"

    def plan(self, target: str, merged: MergedPull) -> RecordedPlan:
        """The plan in the check runs of its head. Raises ServiceError."""
        review = review_of(self.checks, self.specs, target, merged)
        if isinstance(review, NotReviewed):
            return RecordedPlan(None, why_not=review.message)
        base = review.outline.base if review.outline else None
        return RecordedPlan(review.outline, (base,) if base else ())

    def settle(self) -> None:
        """Wait until a pull request that was just merged is listed."""
        self.checks.github.dependencies.clock.sleep(_SETTLE)
