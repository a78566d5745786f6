"""The plan that was recorded for the head of a merged pull request before the merge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reconciler.errors import Problem, Refused
from reconciler.github.checks import FLEET, CheckRun, CheckRuns, CheckScope
from reconciler.github.fleet_record import FleetRecord, read_fleet_record
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


@dataclass(frozen=True, slots=True)
class RecordedPlan:
    """The newest plan of one target in the check runs of a commit. `digest` is None if it was refused or did not complete."""

    digest: str | None
    outline: Outline | None


def review_of(checks: CheckRuns, specs: str, target: str, merged: MergedPull) -> Review | NotReviewed:
    """The review of one pull request; if there is none, a NotReviewed with the reason (returned, not raised). Raises ServiceError."""
    number = merged.number
    newest = recorded_plan(checks, specs, target, merged, merged.head)
    if newest is None:
        hint = "let the plan workflow run on pull requests with `checks: write`; " + BY_HAND
        said = f"no plan for {target} was recorded for the head of pull request #{number} before the merge"
        return NotReviewed(said, hint=hint)
    if newest.digest is None:
        return NotReviewed(f"the last plan for {target} on pull request #{number} was refused or did not complete")
    return Review(target, merged, newest.digest, newest.outline)


def recorded_plan(checks: CheckRuns, specs: str, target: str, merged: MergedPull, commit: str) -> RecordedPlan | None:
    """The newest plan recorded for this target at this commit before the pull request was merged; None without one.

    It is in a check run of its own, or in one over several targets. Raises ServiceError.
    """
    own = _runs(checks, CheckScope("plan", target, specs), merged, commit)
    several = _runs(checks, CheckScope("plan", FLEET, specs), merged, commit)
    several = [run for run in several if _may_hold(run, target)]
    if target == FLEET and not any(map(_fleet_in, several)):
        several = []  # a target of this name has check runs of the same name
    newest = max((*own[:1], *several[:1]), key=lambda run: run.id, default=None)
    if newest is None:
        return None
    return _plan_among(newest, target) if newest in several else _own_plan(newest)


def _runs(checks: CheckRuns, scope: CheckScope, merged: MergedPull, commit: str) -> list[CheckRun]:
    runs = checks.of(scope, commit)
    return [run for run in runs if run.pull_request == merged.number and merged.came_after(run.completed_at)]


def _own_plan(run: CheckRun) -> RecordedPlan:
    if run.digest is None or run.conclusion != "success":
        return RecordedPlan(None, None)
    try:
        outline = read_record(run.text)
    except NotARecord:
        return RecordedPlan(run.digest, None)
    return RecordedPlan(run.digest, outline if outline.digest == run.digest else None)


def _plan_among(run: CheckRun, target: str) -> RecordedPlan:
    """The plan of this target in a check run over several; one that cannot be read if the record is not as it was written, or cut.

    The check run fails if another target could not be planned, which is nothing against this one.
    """
    if run.digest is None:
        return RecordedPlan(None, None)
    record = _fleet_in(run)
    if record is None or target not in record.targets:
        return RecordedPlan(run.digest, None)
    outline = record.outline(target)
    return RecordedPlan(outline.digest, outline) if outline else RecordedPlan(None, None)


def _may_hold(run: CheckRun, target: str) -> bool:
    """Whether this check run over several targets may be about this one: one that cannot be read, or was cut, may."""
    record = _fleet_in(run)
    return record is None or bool(record.without) or target in record.targets


def _fleet_in(run: CheckRun) -> FleetRecord | None:
    try:
        record = read_fleet_record(run.text)
    except NotARecord:
        return None
    return record if record.digest == run.digest else None
