"""The plan that was reviewed on a merge request, and whether a fresh plan may be applied without another review.

The evidence is the report that a job which planned left as an artifact in the newest pipeline for the head of the merge request. Nobody can
edit an artifact, and no token of a pipeline can add one to a job that has finished; a note can be edited. A plan made after the merge is no
review. A squash or rebase changes the commit, but not the digest of the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Final

from reconciler.errors import Problem
from reconciler.gitlab.api import GitLab
from reconciler.gitlab.merged import Merged, merged_as
from reconciler.gitlab.merged_requests import SETTLE
from reconciler.gitlab.pipeline import Job
from reconciler.gitlab.recorded import NoEvidence, NotReviewed, RecordedPlans, Review
from reconciler.planning.written import ObjectName
from reconciler.reports.apply.view import ApplyView
from reconciler.reports.fleet.view import FleetView
from reconciler.reports.plan.differences import differences
from reconciler.reports.plan.outline import as_it_was_planned, is_rest_of, outline_of, reviewed_outline
from reconciler.reports.plan.view import PlanView
from reconciler.reviews.actions import unreviewed
from reconciler.reviews.merged_plans import MergedPlans
from reconciler.reviews.refusal import refusal_message, refusal_problems

CALLED: Final = "the reviewed plan"
_PIPELINES: Final = 20
"""Pipelines of one commit in which an earlier apply is looked for."""
_BY_HAND: Final = "review the current plan; to apply it anyway, start a new pipeline with the variable DIGEST set to {digest}"


@dataclass(slots=True)
class Reviews:
    """The reviews behind the commit of a job. `report` is the artifact of this job that holds the report of apply, if it keeps one.

    `merged` gives the plans of all merged requests for a target whose actions are reviewed one by one, None for any other.
    """

    recorded: RecordedPlans
    job: Job
    report: str | None = None
    merged: Callable[[str], MergedPlans[Merged] | None] = lambda _: None
    problems: Sequence[Problem] = field(default=(), init=False)

    @property
    def gitlab(self) -> GitLab:
        """The client."""
        return self.recorded.gitlab

    def check(
        self, fresh: PlanView, ids: Mapping[str, str], written: Mapping[ObjectName, str | None] = MappingProxyType({})
    ) -> None:
        """Raises NotReviewed unless the fresh plan is a reviewed one, or the rest of one whose apply has begun.

        For some targets it is enough that each action was reviewed. `ids` maps the key of each live connection spec of this repository to
        its id, and `written` each object to the commit that it was last written from. A plan without actions needs no review. Raises
        ServiceError if GitLab cannot be queried.
        """
        if not fresh.actions:
            return
        try:
            self._check(fresh, ids)
        except NotReviewed as refused:
            plans = self.merged(fresh.target.name)
            error = refused if plans is None else self._by_action(plans, fresh, ids, written)
            if error is not None:
                raise error from None

    def begin(self) -> None:
        """Nothing: GitLab itself records that this job has begun, and keeps its report."""

    def _by_action(
        self, plans: MergedPlans[Merged], fresh: PlanView, ids: Mapping[str, str], written: Mapping[ObjectName, str | None]
    ) -> NotReviewed | None:
        """The refusal that names each action that was not reviewed; None without any."""
        outline = outline_of(fresh)
        found = unreviewed(outline, ids, plans.of(fresh.target.name), plans.positions(written), "merge request")
        if not found:
            return None
        return NotReviewed(refusal_message(found), hint=_by_hand(fresh), problems=refusal_problems(found, outline))

    def _check(self, fresh: PlanView, ids: Mapping[str, str]) -> None:
        try:
            reviews = self._reviews(fresh.target.name)
        except NoEvidence as missing:
            raise NotReviewed(str(missing), hint=_by_hand(fresh)) from None
        if any(review.plan.digest == fresh.digest or self._is_rest(review.plan, fresh, ids) for review in reviews):
            return
        review = reviews[0]
        outline = outline_of(review.plan)
        raise NotReviewed(
            f"the plan differs from the one reviewed on merge request !{review.merge_request}: its digest is {fresh.digest}, "
            f"and {review.plan.digest} was reviewed",
            hint=_by_hand(fresh),
            problems=differences(outline, as_it_was_planned(outline_of(fresh), outline, ids), CALLED),
        )

    def _reviews(self, target: str) -> list[Review]:
        """The reviews of the merge requests merged as this commit. Raises NoEvidence if there is none."""
        merged = merged_as(self.gitlab, self.job.commit, self.job.branch)
        if not merged:
            self.gitlab.dependencies.clock.sleep(SETTLE)
            merged = merged_as(self.gitlab, self.job.commit, self.job.branch)
        if not merged:
            raise NoEvidence(f"no merge request was merged as {self.job.commit[:10]}, so its plan was not reviewed")
        found, missing = [], []
        for request in merged:
            try:
                found.append(self.recorded.review(target, request))
            except NoEvidence as reason:
                missing.append(reason)
        if not found:
            raise missing[0]
        return found

    def _is_rest(self, reviewed: PlanView, fresh: PlanView, ids: Mapping[str, str]) -> bool:
        """Whether an apply of the review was begun at this commit, and this plan is the rest of it."""
        outline = reviewed_outline(reviewed)
        is_rest = is_rest_of(as_it_was_planned(outline_of(fresh), outline, ids), outline)
        return is_rest and self._was_begun(fresh.target.name, reviewed.digest)

    def _was_begun(self, target: str, digest: str) -> bool:
        """Whether an earlier run of this job, at this commit, left a report that says that it applied this plan."""
        if self.report is None:
            return False
        found = self.gitlab.pages(f"/pipelines?sha={self.job.commit}&order_by=id&sort=desc")
        numbers = [
            item.number("id")
            for item in islice(found, _PIPELINES)
            if (item.text("sha"), item.text("ref")) == (self.job.commit, self.job.branch)
        ]
        for number in numbers:
            for job in self.gitlab.pages(f"/pipelines/{number}/jobs?include_retried=true"):
                if job.text("name") != self.job.name or job.number("id") == self.job.id:
                    continue
                if _applied(self.recorded.report(job, self.report), target, digest):
                    return True
        return False


def _applied(report: object, target: str, digest: str) -> bool:
    """Whether this is the report of an apply that began with this plan of this target."""
    if isinstance(report, ApplyView):
        return report.error is None and report.target.name == target and report.digest == digest
    if not isinstance(report, FleetView) or report.report != "apply":
        return False
    return any(one.name == target and one.digest == digest and _has_begun(one.report) for one in report.targets)


def _has_begun(report: Mapping[str, object] | None) -> bool:
    """Whether something was sent to the target. One that was blocked or not started has a report of an apply, too."""
    if report is None or report.get("report") != "apply" or report.get("error") is not None:
        return False
    results = report.get("results")
    return isinstance(results, list) and any(isinstance(one, dict) and one.get("requests") for one in results)


def _by_hand(fresh: PlanView) -> str:
    return _BY_HAND.format(digest=fresh.digest)
