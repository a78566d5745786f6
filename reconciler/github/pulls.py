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
    """A pull request that was merged, when (ISO 8601, in UTC), and the commit that its last review was of."""

    number: int
    head: str
    merged_at: str

    def came_after(self, moment: str | None) -> bool:
        """Whether it was merged at this moment or later; of none, or one that cannot be read, that is not known."""
        try:
            return datetime.fromisoformat(self.merged_at) >= datetime.fromisoformat(moment or "")
        except (ValueError, TypeError):
            return False


def pull_request_of(event: Event, github: GitHub) -> int | None:
    """The number of the pull request of this run: its own, or the one whose merge its commit is. Raises ServiceError."""
    if event.pull_request is not None:
        return event.pull_request.number
    merged = merged_as(github, event.commit, event.branch)
    return merged[0].number if merged else None


def merged_as(github: GitHub, commit: str, branch: str) -> list[MergedPull]:
    """The pull requests whose merge into this branch (or squash, or last rebased commit) this commit is. Raises ServiceError."""
    return [merged for pull in github.pages(f"/commits/{commit}/pulls") if (merged := _merged(pull, commit, branch))]


def is_current(event: Event, github: GitHub) -> bool:
    """Whether the pull request of this run is open, and its head the commit that this run is about. Raises ServiceError."""
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
