"""The merge request of a job, and the one that was merged as a commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reconciler.documents.json_text import Json
from reconciler.gitlab.api import GitLab
from reconciler.gitlab.pipeline import COMMIT, Job


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged merge request: when it was merged (ISO 8601), and its head commit at that time."""

    iid: int
    head: str
    merged_at: str

    def came_after(self, moment: Json) -> bool:
        """Whether it was merged at or after this time (ISO 8601); False if either time is missing or cannot be read."""
        try:
            return datetime.fromisoformat(self.merged_at) >= datetime.fromisoformat(str(moment))
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
    return isinstance(found, dict) and found.get("sha") == job.merge_request.head and found.get("state") == "opened"


def merged_as(gitlab: GitLab, commit: str, branch: str) -> list[Merged]:
    """The merge requests merged into this branch as this commit: a merge, a squash, or a fast-forward. Raises ServiceError."""
    return [merged for became, merged in merged_with(gitlab, commit, branch) if became == commit]


def merged_with(gitlab: GitLab, commit: str, branch: str) -> list[tuple[str, Merged]]:
    """The merge requests that brought this commit into the branch, each with the commit as which it was merged. Raises ServiceError."""
    items = gitlab.pages(f"/repository/commits/{commit}/merge_requests")
    return [found for item in items if (found := _merged(item, branch)) is not None]


def _merged(item: dict[str, Any], branch: str) -> tuple[str, Merged] | None:
    head, at, iid = item.get("sha"), item.get("merged_at"), item.get("iid")
    became = next((sha for name in ("merge_commit_sha", "squash_commit_sha", "sha") if (sha := item.get(name))), None)
    if item.get("state") != "merged" or item.get("target_branch") != branch or not branch or not isinstance(became, str):
        return None
    if not isinstance(head, str) or not COMMIT.fullmatch(head) or not isinstance(at, str) or type(iid) is not int:
        return None
    return became, Merged(iid, head, at)
