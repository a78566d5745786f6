"""The merge request of a job, and the one that was merged as a commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reconciler.gitlab.api import GitLab
from reconciler.gitlab.pipeline import COMMIT, Job
from reconciler.http.code_hosts import Fields

_STATES: Final = ("opened", "closed", "locked", "merged")


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged merge request: when it was merged (ISO 8601), and its head commit at that time."""

    iid: int
    head: str
    merged_at: str

    def came_after(self, moment: str | None) -> bool:
        """Whether it was merged at or after this time (ISO 8601); False if either time is missing or cannot be read."""
        try:
            return datetime.fromisoformat(self.merged_at) >= datetime.fromisoformat(moment or "")
        except (ValueError, TypeError):
            return False


def merge_request_of(job: Job, gitlab: GitLab) -> int | None:
    """The number of this job's merge request: its own, or the one merged as its commit; None without one. Raises ServiceError."""
    if job.merge_request is not None:
        return job.merge_request.iid
    merged = merged_as(gitlab, job.commit, job.branch)
    return merged[0].iid if merged else None


def is_current(job: Job, gitlab: GitLab) -> bool:
    """Whether this job's merge request is open, and its head has not changed since; True without one. Raises ServiceError."""
    if job.merge_request is None:
        return True
    found = gitlab.get(f"/merge_requests/{job.merge_request.iid}")
    head, state = found.text("sha"), found.one_of("state", *_STATES)
    return head == job.merge_request.head and state == "opened"


def merged_as(gitlab: GitLab, commit: str, branch: str) -> list[Merged]:
    """The merge requests merged into this branch as this commit: a merge, a squash, or a fast-forward. Raises ServiceError."""
    return [merged for became, merged in merged_with(gitlab, commit, branch) if became == commit]


def merged_with(gitlab: GitLab, commit: str, branch: str) -> list[tuple[str, Merged]]:
    """The merge requests that brought this commit into the branch, each with the commit as which it was merged. Raises ServiceError."""
    items = gitlab.pages(f"/repository/commits/{commit}/merge_requests")
    return [found for item in items if (found := _merged(item, branch)) is not None]


def _merged(request: Fields, branch: str) -> tuple[str, Merged] | None:
    iid, state, into = request.number("iid"), request.one_of("state", *_STATES), request.text("target_branch")
    head, at = request.text_or_null("sha"), request.text_or_null("merged_at")
    merge, squash = request.text_or_null("merge_commit_sha"), request.text_or_null("squash_commit_sha")
    if state != "merged" or not branch or into != branch or at is None:
        return None
    if head is None or not COMMIT.fullmatch(head):
        raise request.without("sha")
    return merge or squash or head, Merged(iid, head, at)
