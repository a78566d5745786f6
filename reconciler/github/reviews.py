"""The plan that was reviewed on a pull request, and whether a fresh plan may be applied without another review.

The digest comes from the check run that the plan workflow created at the head of the merged pull request, and not from the comment, which
anyone with write access can edit. A plan made after the merge counts as unreviewed. A squash or rebase changes the commit, but not the
digest of the plan. A merge queue plans the commit that it is going to merge; that plan may hold what pull requests ahead of it in the
queue change, and counts if each of its changes was reviewed on one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from reconciler.errors import Problem, ServiceError, Severity
from reconciler.github.applied_record import applies_of
from reconciler.github.checks import CheckRuns, CheckScope
from reconciler.github.pulls import MergedPull, merged_as
from reconciler.github.recorded import BY_HAND, LOOK, NotReviewed, Review, recorded_plan, review_of
from reconciler.planning.written import ObjectName
from reconciler.reports.apply.by_hand import APPLY, Workflow, dispatch
from reconciler.reports.plan.differences import differences
from reconciler.reports.plan.outline import Outline, as_it_was_planned, is_rest_of, is_together_of, outline_of
from reconciler.reports.plan.view import PlanView
from reconciler.reviews.actions import unreviewed
from reconciler.reviews.merged_plans import MergedPlans
from reconciler.reviews.refusal import refusal_message, refusal_problems

CALLED: Final = "the reviewed plan"
_SETTLE: Final = 5.0
"""Seconds to wait for GitHub to list a pull request that was just merged."""


@dataclass(slots=True)
class Reviews:
    """The reviews behind one commit of a branch. `specs` is the folder; `flags` are those of this run.

    `ancestors` gives the commits before this one on the branch, newest first. `merged` gives the plans of all merged pull requests for a
    target whose actions are reviewed one by one, None for any other. `problems` are non-fatal.
    """

    checks: CheckRuns
    specs: str
    commit: str
    branch: str
    flags: Sequence[str] = ()
    ancestors: Callable[[], Iterable[str]] = tuple
    merged: Callable[[str], MergedPlans[MergedPull] | None] = lambda _: None
    workflow: Workflow = APPLY
    """Which one applies by hand here."""
    problems: list[Problem] = field(default_factory=list)
    _accepted: Review | None = None

    def check(
        self, fresh: PlanView, ids: Mapping[str, str], written: Mapping[ObjectName, str | None] = MappingProxyType({})
    ) -> None:
        """Raises NotReviewed unless the fresh plan is a reviewed one, or the rest of one whose apply has begun.

        For some targets it is enough that each action was reviewed. `ids` maps the key of each live connection spec of this repository to
        its id, and `written` each object to the commit that it was last written from. A plan without actions needs no review. Raises
        ServiceError if GitHub cannot be queried.
        """
        if not fresh.actions:
            return
        self._accepted = None
        try:
            self._check(fresh, ids)
        except NotReviewed as refused:
            plans = self.merged(fresh.target.name)
            error = refused if plans is None else self._by_action(plans, fresh, ids, written)
            if error is None:
                return
            by_hand = dispatch(
                fresh.target.name, keys=fresh.options.keys, flags=self.flags, digest=fresh.digest, workflow=self.workflow
            )
            error.hint = (error.hint or BY_HAND).replace(BY_HAND, f"{LOOK}: {by_hand}")
            raise error from None

    def _by_action(
        self, plans: MergedPlans[MergedPull], fresh: PlanView, ids: Mapping[str, str], written: Mapping[ObjectName, str | None]
    ) -> NotReviewed | None:
        """The refusal that names each action that was not reviewed; None without any."""
        outline = outline_of(fresh)
        found = unreviewed(outline, ids, plans.of(fresh.target.name), plans.positions(written))
        if not found:
            return None
        return NotReviewed(refusal_message(found), problems=refusal_problems(found, outline))

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
        return review_of(self.checks, self.specs, target, merged)

    def _accept(self, reviews: Sequence[Review], fresh: PlanView, ids: Mapping[str, str]) -> Review | None:
        same = next((review for review in reviews if review.digest == fresh.digest), None)
        return same or next((review for review in reviews if self._is_rest(review, fresh, ids)), None)

    def _queued(self, reviews: Sequence[Review]) -> list[Review]:
        """The plans that a merge queue made of this commit, if every change in them was reviewed."""
        return [queued for review in reviews if (queued := self._queued_as(review)) is not None]

    def _queued_as(self, review: Review) -> Review | None:
        newest = recorded_plan(self.checks, self.specs, review.target, review.merged, self.commit)
        if newest is None or newest.digest is None or newest.outline is None:
            return None
        outline = newest.outline
        return replace(review, digest=newest.digest, outline=outline) if is_together_of(outline, self._waiting(review)) else None

    def _waiting(self, review: Review) -> Iterator[Outline]:
        """The outline of this review, and of those merged before it that no apply has completed."""
        if review.outline is not None:
            yield review.outline
        for commit in self.ancestors():
            if any(run.conclusion == "success" for run in applies_of(self.checks, review.target, self.specs, commit)):
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
