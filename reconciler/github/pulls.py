"""Which pull request a run is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reconciler.github.api import GitHub
from reconciler.github.event import Event, is_commit


@dataclass(frozen=True, slots=True)
class MergedPull:
    """A pull request that was merged, and the commit that its last review was of."""

    number: int
    head: str


def pull_request_of(event: Event, github: GitHub) -> int | None:
    """The number of the pull request of this run: its own, or the one whose merge its commit is. Raises ServiceError."""
    if event.pull_request is not None:
        return event.pull_request.number
    merged = merged_as(github, event.commit)
    return merged.number if merged else None


def merged_as(github: GitHub, commit: str) -> MergedPull | None:
    """The pull request whose merge (or squash, or last rebased commit) this commit is. Raises ServiceError."""
    return next((merged for pull in github.pages(f"/commits/{commit}/pulls") if (merged := _merged(pull, commit))), None)


def _merged(pull: dict[str, Any], commit: str) -> MergedPull | None:
    head = pull.get("head")
    sha = head.get("sha") if isinstance(head, dict) else None
    is_merge = isinstance(pull.get("merged_at"), str) and pull.get("merge_commit_sha") == commit
    return MergedPull(pull["number"], str(sha)) if is_merge and is_commit(sha) and isinstance(pull.get("number"), int) else None
