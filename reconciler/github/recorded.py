"""The plan that was recorded for the head of a merged pull request before the merge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reconciler.errors import Problem, Refused
from reconciler.github.checks import CheckRun, CheckRuns, CheckScope
from reconciler.github.pulls import MergedPull
from reconciler.github.record import NotARecord, read_record
from reconciler.reports.plan.outline import Outline

LOOK: Final = "check the current plan; to apply it anyway"
BY_HAND: Final = f"{LOOK}, run the apply workflow by hand with its digest"


class NotReviewed(Refused):
    """The fresh plan was not reviewed; `problems` has the differences."""

    code = "not-reviewed"

    def __init__(self, message: str, *, hint: str = BY_HAND, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Review:
    """A reviewed plan: its target, merged pull request, digest, and outline (None if it cannot be read)."""

    target: str
    merged: MergedPull
    digest: str
    outline: Outline | None

    @property
    def pull_request(self) -> int:
        return self.merged.number


def review_of(checks: CheckRuns, specs: str, target: str, merged: MergedPull) -> Review | NotReviewed:
    """The review of one pull request; if there is none, a NotReviewed with the reason (returned, not raised). Raises ServiceError."""
    number = merged.number
    kept = checks.of(CheckScope("plan", target, specs), merged.head)
    runs = [run for run in kept if run.pull_request == number and merged.came_after(run.completed_at)]
    if not runs:
        hint = "let the plan workflow run on pull requests with `checks: write`; " + BY_HAND
        said = f"no plan for {target} was recorded for the head of pull request #{number} before the merge"
        return NotReviewed(said, hint=hint)
    newest = runs[0]
    if newest.digest is None or newest.conclusion != "success":
        return NotReviewed(f"the last plan for {target} on pull request #{number} was refused or did not complete")
    return Review(target, merged, newest.digest, outline_in(newest))


def outline_in(run: CheckRun) -> Outline | None:
    """The outline in the check run, if it has the digest of the check run."""
    try:
        outline = read_record(run.text)
    except NotARecord:
        return None
    return outline if outline.digest == run.digest else None
