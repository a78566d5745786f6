"""The plan that was reviewed on a merge request, and whether a fresh plan may be applied without another review.

The evidence is the report that the job `plan TARGET` left as an artifact in the newest pipeline for the head of the merge request. Nobody
can edit an artifact, and no token of a pipeline can add one to a job that has finished; a note can be edited. A plan made after the merge
counts as unreviewed. A squash or rebase changes the commit, but not the digest of the plan.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from reconciler.errors import GitLabError, Problem, Refused, UsageError
from reconciler.gitlab.api import GitLab, number_at
from reconciler.gitlab.merged import Merged, merged_as
from reconciler.gitlab.pipeline import Job
from reconciler.planning.written import ObjectName
from reconciler.reports.apply.view import ApplyView
from reconciler.reports.plan.differences import differences
from reconciler.reports.plan.outline import as_it_was_planned, is_rest_of, outline_of, reviewed_outline
from reconciler.reports.plan.view import PlanView
from reconciler.reports.report_reading import Report, read_report

PLAN_REPORT: Final = "report.json"
"""The artifact of the job `plan TARGET` that plan wrote with --report."""
CALLED: Final = "the reviewed plan"
_REF: Final = re.compile(r"refs/merge-requests/(?P<iid>\d+)/(?:head|merge|train)")
_SETTLE: Final = 5.0
"""Seconds to wait for GitLab to list a merge request that was just merged."""
_PIPELINES: Final = 20
"""Pipelines of one commit in which an earlier apply is looked for."""
_BY_HAND: Final = "review the current plan; to apply it anyway, start a new pipeline with the variable DIGEST set to {digest}"


class NotReviewed(Refused):
    """The fresh plan was not reviewed; `problems` has the differences."""

    code = "not-reviewed"

    def __init__(self, message: str, *, hint: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = problems


class _NoEvidence(Exception):
    """The reason for which a plan counts as unreviewed."""


@dataclass(frozen=True, slots=True)
class Review:
    """A reviewed plan, and the number of its merge request."""

    merge_request: int
    plan: PlanView


@dataclass(slots=True)
class Reviews:
    """The reviews behind the commit of a job. `report` is the artifact of this job that holds the report of apply, if it keeps one."""

    gitlab: GitLab
    job: Job
    report: str | None = None
    problems: Sequence[Problem] = field(default=(), init=False)

    def check(
        self, fresh: PlanView, ids: Mapping[str, str], _written: Mapping[ObjectName, str | None] = MappingProxyType({})
    ) -> None:
        """Raises NotReviewed unless the fresh plan is a reviewed one, or the rest of one whose apply has begun.

        `ids` maps the key of each live connection spec of this repository to its id. A plan without actions needs no review. Raises
        ServiceError if GitLab cannot be queried.
        """
        if not fresh.actions:
            return
        hint = _BY_HAND.format(digest=fresh.digest)
        try:
            reviews = self._reviews(fresh.target.name)
        except _NoEvidence as missing:
            raise NotReviewed(str(missing), hint=hint) from None
        if any(review.plan.digest == fresh.digest or self._is_rest(review.plan, fresh, ids) for review in reviews):
            return
        review = reviews[0]
        outline = outline_of(review.plan)
        raise NotReviewed(
            f"the plan differs from the one reviewed on merge request !{review.merge_request}: its digest is {fresh.digest}, "
            f"and {review.plan.digest} was reviewed",
            hint=hint,
            problems=differences(outline, as_it_was_planned(outline_of(fresh), outline, ids), CALLED),
        )

    def begin(self) -> None:
        """Nothing: GitLab itself records that this job has begun, and keeps its report."""

    def _reviews(self, target: str) -> list[Review]:
        """The reviews of the merge requests merged as this commit. Raises _NoEvidence if there is none."""
        merged = merged_as(self.gitlab, self.job.commit, self.job.branch)
        if not merged:
            self.gitlab.dependencies.clock.sleep(_SETTLE)
            merged = merged_as(self.gitlab, self.job.commit, self.job.branch)
        if not merged:
            raise _NoEvidence(f"no merge request was merged as {self.job.commit[:10]}, so its plan was not reviewed")
        found, missing = [], []
        for request in merged:
            try:
                found.append(self._review(target, request))
            except _NoEvidence as reason:
                missing.append(reason)
        if not found:
            raise missing[0]
        return found

    def _review(self, target: str, merged: Merged) -> Review:
        job = self._plan_job(target, merged)
        if job.get("status") != "success":
            raise _NoEvidence(f"the last plan for {target} on merge request !{merged.iid} was refused or did not complete")
        if not merged.came_after(job.get("finished_at")):
            raise _NoEvidence(f"the last plan for {target} on merge request !{merged.iid} was made after the merge")
        said = f"the job {job['name']!r} of merge request !{merged.iid}"
        report = self._report(job, PLAN_REPORT)
        if not isinstance(report, PlanView):
            raise _NoEvidence(f"{said} has no artifact {PLAN_REPORT} with a plan")
        if report.errors or report.target.name != target:
            raise _NoEvidence(f"the artifact {PLAN_REPORT} of {said} is not a plan for {target} without errors")
        return Review(merged.iid, report)

    def _plan_job(self, target: str, merged: Merged) -> dict[str, Any]:
        """The job in the newest pipeline for the head. Raises _NoEvidence if there is none."""
        listed = self.gitlab.pages(f"/merge_requests/{merged.iid}/pipelines")
        ours = (item for item in listed if _is_of(item, merged.iid) and item.get("project_id") in (None, self.gitlab.project))
        pipelines = sorted(ours, key=_id, reverse=True)
        newest = next((item for item in pipelines if self._is_for(item, merged.head)), None)
        jobs = self.gitlab.pages(f"/pipelines/{_id(newest)}/jobs") if newest else ()
        names = {f"plan {target}", f"plan: [{target}]"}
        found = next((job for job in jobs if job.get("name") in names), None)
        if found is None:
            raise _NoEvidence(f"no job 'plan {target}' ran for the head of merge request !{merged.iid}")
        return found

    def _is_for(self, pipeline: Mapping[str, Any], head: str) -> bool:
        """Whether the pipeline is for this head: of the commit itself, or of its merge with the target branch."""
        sha = pipeline.get("sha")
        if sha == head:
            return True
        if not isinstance(sha, str) or not re.fullmatch(r"[0-9a-f]{40,64}", sha):
            return False
        try:
            commit = self.gitlab.get(f"/repository/commits/{sha}")
        except GitLabError as error:
            if error.status is None or error.status >= 500:  # noqa: PLR2004 - not an answer about the commit
                raise
            return False
        parents = commit.get("parent_ids") if isinstance(commit, dict) else None
        return isinstance(parents, list) and head in parents

    def _is_rest(self, reviewed: PlanView, fresh: PlanView, ids: Mapping[str, str]) -> bool:
        """Whether an apply of the review was begun at this commit, and this plan is the rest of it."""
        outline = reviewed_outline(reviewed)
        return is_rest_of(as_it_was_planned(outline_of(fresh), outline, ids), outline) and self._was_begun(reviewed.digest)

    def _was_begun(self, digest: str) -> bool:
        """Whether an earlier run of this job, at this commit, left a report that says that it applied this plan."""
        if self.report is None:
            return False
        found = self.gitlab.pages(f"/pipelines?sha={self.job.commit}&order_by=id&sort=desc")
        numbers = [_id(item) for item, _ in zip(found, range(_PIPELINES), strict=False) if item.get("sha") == self.job.commit]
        for number in numbers:
            for job in self.gitlab.pages(f"/pipelines/{number}/jobs?include_retried=true"):
                if job.get("name") != self.job.name or job.get("id") == self.job.id:
                    continue
                report = self._report(job, self.report)
                if isinstance(report, ApplyView) and report.error is None and report.digest == digest:
                    return True
        return False

    def _report(self, job: Mapping[str, Any], path: str) -> Report | None:
        """The report in this artifact; None if there is none, or it is not a report. Raises ServiceError if GitLab cannot tell."""
        try:
            return read_report(self.gitlab.file(f"/jobs/{_id(job)}/artifacts/{path}"), path)
        except UsageError:
            return None
        except GitLabError as error:
            if error.status in (400, 404):
                return None
            raise


def _is_of(pipeline: Mapping[str, Any], iid: int) -> bool:
    found = _REF.fullmatch(str(pipeline.get("ref")))
    return found is not None and found["iid"] == str(iid)


def _id(item: Mapping[str, Any] | None) -> int:
    return number_at(dict(item or {}), "id", "API")
