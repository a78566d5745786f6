"""The pull request of a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reconciler.documents.json_text import value_at
from reconciler.github.api import GitHub
from reconciler.github.event import Event, is_commit


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
    return [merged for pull in github.pages(f"/commits/{commit}/pulls") if (merged := _merged(pull, commit, branch))]


def merged_with(github: GitHub, commit: str, branch: str) -> list[tuple[str, MergedPull]]:
    """The pull requests that brought this commit into the branch, each with the commit as which it was merged. Raises ServiceError."""
    found = []
    for pull in github.pages(f"/commits/{commit}/pulls"):
        merge = pull.get("merge_commit_sha")
        if isinstance(merge, str) and is_commit(merge) and (merged := _merged(pull, merge, branch)):
            found.append((merge, merged))
    return found


def is_current(event: Event, github: GitHub) -> bool:
    """Whether this run's pull request is open, and its head has not changed since; True without one. Raises ServiceError."""
    if event.pull_request is None:
        return True
    found = github.get(f"/pulls/{event.pull_request.number}")
    return bool(value_at(found, "head", "sha") == event.pull_request.head and value_at(found, "state") == "open")


def _merged(pull: dict[str, Any], commit: str, branch: str) -> MergedPull | None:
    sha = value_at(pull, "head", "sha")
    is_merge = isinstance(pull.get("merged_at"), str) and pull.get("merge_commit_sha") == commit
    if not is_merge or value_at(pull, "base", "ref") != branch or not is_commit(sha) or not isinstance(pull.get("number"), int):
        return None
    return MergedPull(pull["number"], str(sha), pull["merged_at"])
