"""The plan that a merge request was reviewed with: the report in the artifacts of the newest pipeline for its head.

A job of one target is called `plan TARGET`. A job of several targets may have any name that begins with `plan`; the newest whose report has
the target counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import NotJson, decode, value_at
from reconciler.errors import GitLabError, Problem, Refused, UsageError
from reconciler.gitlab.api import GitLab
from reconciler.gitlab.merged import Merged
from reconciler.gitlab.pipeline import COMMIT
from reconciler.http.code_hosts import Fields
from reconciler.reports.fleet.reading import is_fleet, read_fleet
from reconciler.reports.fleet.view import FleetView
from reconciler.reports.plan.view import PlanView
from reconciler.reports.report_reading import Report, read_report

PLAN_REPORT: Final = "report.json"
"""The artifact of a job that planned, which plan wrote with --report."""
_REF: Final = re.compile(r"refs/merge-requests/(?P<iid>\d+)/(?:head|merge|train)")
_PLANS: Final = re.compile(r"plan\b")
"""The beginning of the name of a job that may have planned several targets."""
_UNKNOWN: Final = (400, 404)
"""How GitLab answers for something that it does not have."""


class NotReviewed(Refused):
    """The fresh plan was not reviewed; `problems` has the differences."""

    code = "not-reviewed"

    def __init__(self, message: str, *, hint: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = problems


class NoEvidence(Exception):
    """The reason for which a plan counts as unreviewed."""


@dataclass(frozen=True, slots=True)
class Review:
    """A reviewed plan, and the number of its merge request. `pipeline` is the commit of the pipeline that planned it."""

    merge_request: int
    plan: PlanView
    pipeline: str


@dataclass(slots=True)
class RecordedPlans:
    """Finds reviewed plans. What a pipeline has is read once; may be used by several threads, which at worst read it twice."""

    gitlab: GitLab
    _jobs: dict[int, tuple[str, list[Fields]]] = field(default_factory=dict)
    """By merge request: the commit of the newest pipeline for its head, and the jobs of it."""
    _reports: dict[tuple[int, str], Report | FleetView | None] = field(default_factory=dict)

    def review(self, target: str, merged: Merged) -> Review:
        """The plan for this target that was made for the head before the merge. Raises NoEvidence, and ServiceError."""
        number = f"merge request !{merged.iid}"
        pipeline, jobs = self._pipeline(merged)
        if (own := next((job for job in jobs if job.text("name") in (f"plan {target}", f"plan: [{target}]")), None)) is not None:
            found = self.report(own, PLAN_REPORT)
            if not isinstance(found, FleetView):
                return Review(merged.iid, _plan_alone(target, own, found, merged), pipeline)
        for job in sorted((job for job in jobs if _PLANS.match(job.text("name"))), key=_id, reverse=True):
            found = self.report(job, PLAN_REPORT)
            if isinstance(found, FleetView) and any(one.name == target for one in found.targets):
                return Review(merged.iid, _plan_among(target, job, found, merged), pipeline)
        raise NoEvidence(f"no job 'plan {target}' ran for the head of {number}")

    def bases(self, review: Review, head: str) -> Iterator[str]:
        """Commits that the planned checkout contained, those that say most first. Raises ServiceError.

        A pipeline for merged results has the tip of the branch as a parent. Any other has the head, which a squash does not bring into the
        branch; then GitLab knows the commit of the branch that it was based on.
        """
        if review.pipeline != head:
            yield from (parent for parent in self._parents(review.pipeline) or () if parent != head)
        yield head
        for version in self.gitlab.pages(f"/merge_requests/{review.merge_request}/versions"):
            base = version.text_or_null("base_commit_sha")
            if version.text_or_null("head_commit_sha") == head and base is not None and COMMIT.fullmatch(base):
                yield base

    def report(self, job: Fields, path: str) -> Report | FleetView | None:
        """The report in this artifact; None if there is none, or it is not a report. Raises ServiceError if GitLab cannot tell."""
        which = (_id(job), path)
        if which not in self._reports:
            self._reports[which] = self._read(*which)
        return self._reports[which]

    def _read(self, job: int, path: str) -> Report | FleetView | None:
        try:
            data = self.gitlab.file(f"/jobs/{job}/artifacts/{path}")
            return read_fleet(data, path) if is_fleet(decode(data)) else read_report(data, path)
        except (UsageError, NotJson):
            return None
        except GitLabError as error:
            if error.status in _UNKNOWN:
                return None
            raise

    def _pipeline(self, merged: Merged) -> tuple[str, list[Fields]]:
        """The commit of the newest pipeline for the head, empty without one, and its jobs. Raises NoEvidence."""
        if merged.iid not in self._jobs:
            listed = self.gitlab.pages(f"/merge_requests/{merged.iid}/pipelines")
            ours = (item for item in listed if _is_of(item, merged.iid) and self._is_here(item))
            newest = next((item for item in sorted(ours, key=_id, reverse=True) if self._is_for(item, merged)), None)
            jobs = list(self.gitlab.pages(f"/pipelines/{_id(newest)}/jobs")) if newest else []
            self._jobs[merged.iid] = (newest.text("sha") if newest else "", jobs)
        return self._jobs[merged.iid]

    def _is_here(self, pipeline: Fields) -> bool:
        """Whether the pipeline is of this project, and not of a fork. An old GitLab does not say; it has no jobs of a fork's here."""
        return value_at(pipeline.answer, "project_id") in (None, self.gitlab.project)

    def _is_for(self, pipeline: Fields, merged: Merged) -> bool:
        """Whether the pipeline is for the head: of the commit itself, or of its merge with the target branch.

        Raises NoEvidence if that is not known: no older pipeline counts in the place of one that may be for the head.
        """
        sha = pipeline.text("sha")
        if sha == merged.head:
            return True
        parents = self._parents(sha)
        if parents is None:
            raise NoEvidence(
                f"GitLab does not know the commit of pipeline {_id(pipeline)}, so the newest plan on merge request !{merged.iid} "
                "is not known"
            )
        return merged.head in parents

    def _parents(self, sha: str) -> list[str] | None:
        """The parents of a commit; None if GitLab does not know it. Raises ServiceError if GitLab cannot tell."""
        if not COMMIT.fullmatch(sha):
            return None
        try:
            return self.gitlab.get(f"/repository/commits/{sha}").texts("parent_ids")
        except GitLabError as error:
            if error.status in _UNKNOWN:
                return None
            raise


def _plan_alone(target: str, job: Fields, report: Report | None, merged: Merged) -> PlanView:
    """The plan of a job of one target. Raises NoEvidence."""
    if job.text("status") != "success":
        raise NoEvidence(f"the last plan for {target} on merge request !{merged.iid} was refused or did not complete")
    _require_before_merge(target, job, merged)
    said = f"the job {job.text('name')!r} of merge request !{merged.iid}"
    if not isinstance(report, PlanView):
        raise NoEvidence(f"{said} has no artifact {PLAN_REPORT} with a plan")
    if report.errors or report.target.name != target:
        raise NoEvidence(f"the artifact {PLAN_REPORT} of {said} is not a plan for {target} without errors")
    return report


def _plan_among(target: str, job: Fields, report: FleetView, merged: Merged) -> PlanView:
    """The plan of this target in a job of several. The job fails if another target could not be planned, which is nothing against this one.

    Raises NoEvidence.
    """
    _require_before_merge(target, job, merged)
    plan = report.plans.get(target)
    if report.report != "plan" or plan is None or plan.errors or job.text("status") not in ("success", "failed"):
        raise NoEvidence(f"the last plan for {target} on merge request !{merged.iid} was refused or did not complete")
    return plan


def _require_before_merge(target: str, job: Fields, merged: Merged) -> None:
    if not merged.came_after(job.text_or_null("finished_at")):
        raise NoEvidence(f"the last plan for {target} on merge request !{merged.iid} was made after the merge")


def _is_of(pipeline: Fields, iid: int) -> bool:
    found = _REF.fullmatch(pipeline.text("ref"))
    return found is not None and found["iid"] == str(iid)


def _id(item: Fields) -> int:
    return item.number("id")
