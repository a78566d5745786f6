"""The plan that was reviewed on a pull request, and whether a fresh plan may be applied without another review.

The digest comes from the check run that the plan workflow created at the head of the merged pull request, and not from the comment, which
anyone with write access can edit. A plan made after the merge counts as unreviewed. A squash or rebase changes the commit, but not the
digest of the plan. A merge queue plans the commit that it is going to merge; that plan may hold what pull requests ahead of it in the
queue change, and counts if each of its changes was reviewed on one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reconciler.errors import Problem, Refused, ServiceError, Severity
from reconciler.github.checks import CheckRun, CheckRuns, CheckScope
from reconciler.github.pulls import MergedPull, merged_as
from reconciler.github.record import NotARecord, read_record
from reconciler.reports.apply.by_hand import dispatch
from reconciler.reports.plan.differences import differences
from reconciler.reports.plan.outline import Outline, as_it_was_planned, is_rest_of, is_together_of, outline_of
from reconciler.reports.plan.view import PlanView

CALLED: Final = "the reviewed plan"
_SETTLE: Final = 5.0
"""Seconds to wait for GitHub to list a pull request that was just merged."""
_LOOK: Final = "check the current plan; to apply it anyway"
_BY_HAND: Final = f"{_LOOK}, run the apply workflow by hand with its digest"


class NotReviewed(Refused):
    """The fresh plan was not reviewed; `problems` has the differences."""

    code = "not-reviewed"

    def __init__(self, message: str, *, hint: str = _BY_HAND, problems: tuple[Problem, ...] = ()) -> None:
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


@dataclass(slots=True)
class Reviews:
    """The reviews behind one commit of a branch. `specs` is the folder; `flags` are those of this run.

    `ancestors` gives the commits before this one on the branch, newest first. `problems` are non-fatal.
    """

    checks: CheckRuns
    specs: str
    commit: str
    branch: str
    flags: Sequence[str] = ()
    ancestors: Callable[[], Iterable[str]] = tuple
    problems: list[Problem] = field(default_factory=list)
    _accepted: Review | None = None

    def check(self, fresh: PlanView, ids: Mapping[str, str]) -> None:
        """Raises NotReviewed unless the fresh plan is a reviewed one, or the rest of one whose apply has begun.

        `ids` maps the key of each live connection spec of this repository to its id. A plan without actions needs no review. Raises
        ServiceError if GitHub cannot be queried.
        """
        if not fresh.actions:
            return
        try:
            self._check(fresh, ids)
        except NotReviewed as refused:
            by_hand = dispatch(fresh.target.name, keys=fresh.options.keys, flags=self.flags, digest=fresh.digest)
            refused.hint = (refused.hint or _BY_HAND).replace(_BY_HAND, f"{_LOOK}: {by_hand}")
            raise

    def _check(self, fresh: PlanView, ids: Mapping[str, str]) -> None:
        reviews = self._reviews(fresh.target.name)
        self._accepted = self._accept(reviews, fresh, ids) or self._accept(self._queued(reviews), fresh, ids)
        if self._accepted is None:
            review, outline = reviews[0], reviews[0].outline
            raise NotReviewed(
                f"the plan differs from the one reviewed on pull request #{review.pull_request}: its digest is {fresh.digest}, "
                f"and {review.digest} was reviewed",
                problems=differences(outline, as_it_was_planned(outline_of(fresh), outline, ids), CALLED) if outline else (),
            )

    def begin(self) -> None:
        """Record that the apply of the accepted review begins, so that another run may finish it; a failure is added to `problems`."""
        if self._accepted is None:
            return
        review = self._accepted
        try:
            self.checks.begin(CheckScope("apply", review.target, self.specs), self.commit, review.pull_request, review.digest)
        except ServiceError as error:
            hint = "give the job `checks: write`; without it, an interrupted apply cannot be completed by running it again"
            self.problems.append(Problem(Severity.WARNING, "not-begun", f"cannot record the start: {error.message}", hint=hint))

    def _reviews(self, target: str) -> list[Review]:
        """The reviews of the pull requests merged as this commit; one merge may have closed several. Never empty."""
        github = self.checks.github
        merged = merged_as(github, self.commit, self.branch)
        if not merged:
            github.dependencies.clock.sleep(_SETTLE)  # right after a merge, GitHub may not list the merged pull request yet
            merged = merged_as(github, self.commit, self.branch)
        if not merged:
            raise NotReviewed(f"no pull request was merged as {self.commit[:10]}, so its plan was not reviewed")
        found = [self._review(target, pull) for pull in merged]
        reviews = [review for review in found if isinstance(review, Review)]
        if not reviews:
            raise next(review for review in found if isinstance(review, NotReviewed))
        return reviews

    def _review(self, target: str, merged: MergedPull) -> Review | NotReviewed:
        """The review of one pull request; if there is none, a NotReviewed with the reason (returned, not raised)."""
        number = merged.number
        kept = self.checks.of(CheckScope("plan", target, self.specs), merged.head)
        runs = [run for run in kept if run.pull_request == number and merged.came_after(run.completed_at)]
        if not runs:
            hint = "let the plan workflow run on pull requests with `checks: write`; " + _BY_HAND
            said = f"no plan for {target} was recorded for the head of pull request #{number} before the merge"
            return NotReviewed(said, hint=hint)
        newest = runs[0]
        if newest.digest is None or newest.conclusion != "success":
            return NotReviewed(f"the last plan for {target} on pull request #{number} was refused or did not complete")
        return Review(target, merged, newest.digest, _outline(newest))

    def _accept(self, reviews: Sequence[Review], fresh: PlanView, ids: Mapping[str, str]) -> Review | None:
        same = next((review for review in reviews if review.digest == fresh.digest), None)
        return same or next((review for review in reviews if self._is_rest(review, fresh, ids)), None)

    def _queued(self, reviews: Sequence[Review]) -> list[Review]:
        """The plans that a merge queue made of this commit, if every change in them was reviewed."""
        return [queued for review in reviews if (queued := self._queued_as(review)) is not None]

    def _queued_as(self, review: Review) -> Review | None:
        scope = CheckScope("plan", review.target, self.specs)
        runs = [run for run in self.checks.of(scope, self.commit) if run.pull_request == review.pull_request]
        newest = next((run for run in runs if review.merged.came_after(run.completed_at)), None)
        if newest is None or newest.digest is None or newest.conclusion != "success":
            return None
        outline = _outline(newest)
        if outline is None:
            return None
        return replace(review, digest=newest.digest, outline=outline) if is_together_of(outline, self._waiting(review)) else None

    def _waiting(self, review: Review) -> Iterator[Outline]:
        """The outline of this review, and of those merged before it that no apply has completed."""
        if review.outline is not None:
            yield review.outline
        applied = CheckScope("apply", review.target, self.specs)
        for commit in self.ancestors():
            if any(run.conclusion == "success" for run in self.checks.of(applied, commit)):
                return
            for merged in merged_as(self.checks.github, commit, self.branch):
                earlier = self._review(review.target, merged)
                if isinstance(earlier, Review) and earlier.outline is not None:
                    yield earlier.outline

    def _is_rest(self, review: Review, fresh: PlanView, ids: Mapping[str, str]) -> bool:
        """Whether an apply of the review was begun at this commit, and this plan is the rest of it."""
        if review.outline is None or not is_rest_of(as_it_was_planned(outline_of(fresh), review.outline, ids), review.outline):
            return False
        begun = self.checks.of(CheckScope("apply", review.target, self.specs), self.commit)
        return any(run.digest == review.digest and run.pull_request == review.pull_request for run in begun)


def _outline(run: CheckRun) -> Outline | None:
    """The outline in the check run, if it has the digest of the check run."""
    try:
        outline = read_record(run.text)
    except NotARecord:
        return None
    return outline if outline.digest == run.digest else None
