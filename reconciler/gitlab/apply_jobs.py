"""The jobs that applied a commit of the branch, as its pipelines have them.

A job of one target is called `apply TARGET`. A job of several targets may have any name that begins with `apply`: its report says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from reconciler.documents.json_text import string_at
from reconciler.errors import ExitCode, GitLabError
from reconciler.gitlab.pipeline import COMMIT
from reconciler.gitlab.recorded import RecordedPlans
from reconciler.http.code_hosts import Fields
from reconciler.reports.fleet.view import FleetView, TargetState

APPLY_REPORT: Final = "apply.json"
"""The artifact of a job that applied, which apply wrote with --report."""
_APPLIES: Final = re.compile(r"apply\b")
_ENDED: Final = {"success": "success", "failed": "failure", "canceled": "cancellation"}
_NOT_RUN: Final = frozenset({"skipped", "manual", "created", "scheduled"})
_NOT_BEGUN: Final = frozenset({TargetState.BLOCKED, TargetState.NOT_STARTED})
_PIPELINES: Final = 50
"""Pipelines of a commit that are looked at; a branch without changes has one more each hour."""


@dataclass(frozen=True, slots=True)
class ApplyJob:
    """One apply of a target. `conclusion` is `success`, `failure` or `cancellation`; None while it runs."""

    conclusion: str | None
    url: str | None


@dataclass(slots=True)
class ApplyJobs:
    """Finds applies. `branch` is the one that is applied. The jobs of a pipeline are read once."""

    recorded: RecordedPlans
    branch: str
    _pipelines: dict[str, Sequence[int]] = field(default_factory=dict)
    _jobs: dict[int, Sequence[Fields]] = field(default_factory=dict)

    def of(self, target: str, commit: str) -> Sequence[ApplyJob]:
        """The newest apply of this target at this commit, if there is one.

        Raises ServiceError, also if the commit has more pipelines than are looked at and none of these has an apply.
        """
        if not COMMIT.fullmatch(commit):
            return ()
        numbers = self._at(commit)
        for number in numbers[:_PIPELINES]:
            for job in self._applies_in(number):
                if (found := self._of_target(job, target)) is not None:
                    return (found,)
        if len(numbers) > _PIPELINES:
            raise GitLabError(
                f"the {_PIPELINES} newest pipelines of {commit[:10]} have no apply of {target}; older ones were not read"
            )
        return ()

    def _at(self, commit: str) -> Sequence[int]:
        """The ids of the pipelines of this commit on the branch, newest first: at most one more than are looked at."""
        if commit not in self._pipelines:
            listed = self.recorded.gitlab.pages(f"/pipelines?sha={commit}&order_by=id&sort=desc")
            ours = (item for item in listed if (item.text("sha"), item.text("ref")) == (commit, self.branch))
            self._pipelines[commit] = [item.number("id") for item in islice(ours, _PIPELINES + 1)]
        return self._pipelines[commit]

    def _applies_in(self, pipeline: int) -> Iterator[Fields]:
        if pipeline not in self._jobs:
            jobs = [job for job in self.recorded.gitlab.pages(f"/pipelines/{pipeline}/jobs") if _APPLIES.match(job.text("name"))]
            self._jobs[pipeline] = sorted(jobs, key=lambda job: job.number("id"), reverse=True)
        return (job for job in self._jobs[pipeline] if job.text("status") not in _NOT_RUN)

    def _of_target(self, job: Fields, target: str) -> ApplyJob | None:
        """The job as an apply of this target; None if it is not about it, or did not get to it."""
        status, url = job.text("status"), string_at(job.answer, "web_url")
        if job.text("name") in (f"apply {target}", f"apply: [{target}]"):
            return ApplyJob(_ENDED.get(status), url)
        report = self.recorded.report(job, APPLY_REPORT) if status in _ENDED else None
        if not isinstance(report, FleetView) or report.report != "apply":
            return None
        one = next((one for one in report.targets if one.name == target), None)
        if one is None or one.state in _NOT_BEGUN:
            return None
        return ApplyJob("success" if one.exit_code == ExitCode.DONE else "failure", url)
