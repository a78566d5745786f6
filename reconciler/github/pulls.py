"""The pull request of a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reconciler.github.api import GitHub
from reconciler.github.event import Event, is_commit
from reconciler.http.code_hosts import Fields


@dataclass(frozen=True, slots=True)
class MergedPull:
    """A merged pull request: when it was merged (ISO 8601, UTC), and its head commit at that time."""

    number: int
    head: str
    merged_at: str

    def came_after(self, moment: str | None) -> bool:
        """Whether it was merged at or after this time (ISO 8601); False if either time is missing or cannot be read."""
        try:
            return datetime.fromisoformat(self.merged_at) >= datetime.fromisoformat(moment or "")
        except (ValueError, TypeError):
            return False


def pull_request_of(event: Event, github: GitHub) -> int | None:
    """The number of this run's pull request: its own, the one that a queue is about to merge, or the one merged as its commit.

    None without one. Raises ServiceError.
    """
    if event.pull_request is not None:
        return event.pull_request.number
    if event.queued is not None:
        return event.queued
    merged = merged_as(github, event.commit, event.branch)
    return merged[0].number if merged else None


def merged_as(github: GitHub, commit: str, branch: str) -> list[MergedPull]:
    """The pull requests merged into this branch as this commit (merge, squash, or last rebased commit). Raises ServiceError."""
    return [merged for became, merged in merged_with(github, commit, branch) if became == commit]


def merged_with(github: GitHub, commit: str, branch: str) -> list[tuple[str, MergedPull]]:
    """The pull requests that brought this commit into the branch, each with the commit as which it was merged. Raises ServiceError."""
    pulls = github.pages(f"/commits/{commit}/pulls")
    return [found for pull in pulls if (found := _merged(pull, branch)) is not None]


def is_current(event: Event, github: GitHub) -> bool:
    """Whether this run's pull request is open, and its head has not changed since; True without one. Raises ServiceError."""
    if event.pull_request is None:
        return True
    found = github.get(f"/pulls/{event.pull_request.number}")
    head, state = found.text("head", "sha"), found.one_of("state", "open", "closed")
    return head == event.pull_request.head and state == "open"


def _merged(pull: Fields, branch: str) -> tuple[str, MergedPull] | None:
    number, head, into = pull.number("number"), pull.text("head", "sha"), pull.text("base", "ref")
    at, became = pull.text_or_null("merged_at"), pull.text_or_null("merge_commit_sha")
    if at is None or into != branch or became is None:
        return None
    if not is_commit(head):
        raise pull.without("head", "sha")
    if not is_commit(became):
        raise pull.without("merge_commit_sha")
    return became, MergedPull(number, head, at)
