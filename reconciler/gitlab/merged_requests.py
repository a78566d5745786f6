"""The merged merge requests of a branch, each with the plan in the artifacts of its pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.gitlab.merged import Merged, merged_with
from reconciler.gitlab.recorded import NoEvidence, RecordedPlans
from reconciler.reports.plan.outline import reviewed_outline
from reconciler.reviews.merged_plans import RecordedPlan

SETTLE: Final = 5.0
"""Seconds to wait for GitLab to list a merge request that was just merged."""


@dataclass(frozen=True, slots=True)
class MergedRequests:
    """The merge requests merged into the branch `into`."""

    recorded: RecordedPlans
    into: str

    def brought(self, commit: str) -> Sequence[tuple[str, Merged]]:
        """The merge requests that brought this commit, each with the commit as which it was merged. Raises ServiceError."""
        return merged_with(self.recorded.gitlab, commit, self.into)

    def name(self, merged: Merged) -> str:
        """Its number, as GitLab links it."""
        return f"!{merged.iid}"

    def plan(self, target: str, merged: Merged) -> RecordedPlan:
        """The plan in the artifacts of the newest pipeline for its head. Raises ServiceError."""
        try:
            review = self.recorded.review(target, merged)
        except NoEvidence as missing:
            return RecordedPlan(None, why_not=str(missing))
        return RecordedPlan(reviewed_outline(review.plan), self.recorded.bases(review, merged.head))

    def settle(self) -> None:
        """Wait until a merge request that was just merged is listed."""
        self.recorded.gitlab.dependencies.clock.sleep(SETTLE)
